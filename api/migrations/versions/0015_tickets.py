"""What the ticket system says of windows, and what it had said when an alert came in.

Revision: 0015; follows 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

STATES = ('serving', 'idle', 'paused', 'closed')


def upgrade() -> None:
    op.create_table(
        'tickets_said',
        sa.Column('hall_id', sa.String(length=32), nullable=False),
        sa.Column('window_id', sa.String(length=32), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            'state',
            sa.Enum(*STATES, name='ticketstate', native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_tickets_said_hall_id_halls')),
        sa.PrimaryKeyConstraint('hall_id', 'window_id', 'at', name=op.f('pk_tickets_said')),
    )
    op.create_index('ix_tickets_said_hall_time', 'tickets_said', ['hall_id', 'at'])
    with op.batch_alter_table('alerts') as batch:
        batch.add_column(sa.Column('tickets', sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('alerts') as batch:
        batch.drop_column('tickets')
    op.drop_index('ix_tickets_said_hall_time', 'tickets_said')
    op.drop_table('tickets_said')
