"""Breaks in which somebody covers; notes that stay when taken back; history lines of imports.

Revision: 0011; follows 0010.
"""

import sqlalchemy as sa
from alembic import op

from api.migrations.append_only import allow_changes, refuse_changes

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

FIRST = (
    "(SELECT c.{column} FROM roster_changes c WHERE c.what = 'note' "
    "AND c.hall_id = roster_notes.hall_id AND c.thing_id = roster_notes.id "
    "ORDER BY c.id LIMIT 1)"
)
ENTERED = (
    f"UPDATE roster_notes SET entered_at = coalesce({FIRST.format(column='at')}, starts_at), "
    f"entered_by = coalesce({FIRST.format(column='who')}, '')"
)


def upgrade() -> None:
    with op.batch_alter_table('service_times') as batch:
        batch.add_column(sa.Column('covered', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column('cover_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(batch.f('fk_service_times_cover_id_staff'), 'staff', ['cover_id'], ['id'])
    with op.batch_alter_table('roster_notes') as batch:
        batch.add_column(sa.Column('entered_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('entered_by', sa.String(length=80), nullable=True))
        batch.add_column(sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('dropped_by', sa.String(length=80), nullable=True))
    op.execute(ENTERED)
    with op.batch_alter_table('roster_notes') as batch:
        batch.alter_column('entered_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.alter_column('entered_by', existing_type=sa.String(length=80), nullable=False)
    with op.batch_alter_table('roster_changes') as batch:
        batch.add_column(sa.Column('import_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f('fk_roster_changes_import_id_schedule_imports'),
            'schedule_imports', ['import_id'], ['id'],
        )
        batch.create_index('ix_roster_changes_import', ['import_id'])
    refuse_changes('roster_changes')


def downgrade() -> None:
    allow_changes('roster_changes')
    with op.batch_alter_table('roster_changes') as batch:
        batch.drop_index('ix_roster_changes_import')
        batch.drop_constraint(batch.f('fk_roster_changes_import_id_schedule_imports'), type_='foreignkey')
        batch.drop_column('import_id')
    with op.batch_alter_table('roster_notes') as batch:
        for name in ('dropped_by', 'dropped_at', 'entered_by', 'entered_at'):
            batch.drop_column(name)
    with op.batch_alter_table('service_times') as batch:
        batch.drop_constraint(batch.f('fk_service_times_cover_id_staff'), type_='foreignkey')
        batch.drop_column('cover_id')
        batch.drop_column('covered')
