"""Where people were in clips and stills, for the blur; of those that are kept by now, not known.

Revision: 0017; follows 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('clips', 'stills'):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column('people', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    for table in ('clips', 'stills'):
        with op.batch_alter_table(table) as batch:
            batch.drop_column('people')
