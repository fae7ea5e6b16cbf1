"""What the model saw in each still, so that it can be drawn over pictures.

Revision: 0010; follows 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('stills') as batch:
        batch.add_column(sa.Column('boxes', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    with op.batch_alter_table('stills') as batch:
        batch.drop_column('boxes')
