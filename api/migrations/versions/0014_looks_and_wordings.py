"""What was seen over a clip, look by look; a posted message in each language; complainants as
they stood before a correction.

Revision: 0014; follows 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('clips') as batch:
        batch.add_column(sa.Column('looks', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('notices') as batch:
        batch.add_column(sa.Column('wordings', sa.JSON(), nullable=True))
    op.create_table(
        'complainants_before',
        sa.Column('complaint_id', sa.Integer(), sa.ForeignKey('complaints.id'), primary_key=True),
        sa.Column('seq', sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.Column('complainant', sa.String(80), nullable=False),
        sa.Column('contact', sa.String(120), nullable=False),
    )


def downgrade() -> None:
    op.drop_table('complainants_before')
    with op.batch_alter_table('notices') as batch:
        batch.drop_column('wordings')
    with op.batch_alter_table('clips') as batch:
        batch.drop_column('looks')
