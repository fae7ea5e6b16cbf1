"""Since when which version of the hall file has been in force.

Revision: 0016; follows 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'plans_in_force',
        sa.Column('hall_id', sa.String(length=32), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('sha', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ['hall_id'], ['halls.id'], name=op.f('fk_plans_in_force_hall_id_halls')
        ),
        sa.PrimaryKeyConstraint('hall_id', 'since', name=op.f('pk_plans_in_force')),
    )
    # Of what was in force before, nothing more is known than that it is what it was last synced to.
    op.execute(
        'INSERT INTO plans_in_force (hall_id, since, sha) SELECT id, synced_at, sha FROM halls'
    )


def downgrade() -> None:
    op.drop_table('plans_in_force')
