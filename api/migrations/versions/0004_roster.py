"""roster

Revision: 0004; follows 0003.
"""

from alembic import op
import sqlalchemy as sa


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('leaves', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Enum('leave', 'out', 'meeting', 'training', name='leavekind', native_enum=False, length=16), server_default='leave', nullable=False))

    op.create_table('roster_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(length=80), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=16), nullable=False),
    sa.Column('thing_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_roster_changes_hall_id_halls')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_roster_changes_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_changes'))
    )
    with op.batch_alter_table('roster_changes', schema=None) as batch_op:
        batch_op.create_index('ix_roster_changes_hall_at', ['hall_id', 'at'], unique=False)

    op.create_table('roster_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('window_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.Enum('visitor', 'training', 'handover', name='notekind', native_enum=False, length=16), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['hall_id', 'window_id'], ['windows.hall_id', 'windows.id'], name=op.f('fk_roster_notes_hall_id_window_id_windows')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_roster_notes_hall_id_halls')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_notes'))
    )
    with op.batch_alter_table('roster_notes', schema=None) as batch_op:
        batch_op.create_index('ix_roster_notes_hall_time', ['hall_id', 'starts_at'], unique=False)

    op.create_table('service_times',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('window_id', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.Enum('open', 'break', name='timekind', native_enum=False, length=16), nullable=False),
    sa.Column('weekdays', sa.Integer(), nullable=False),
    sa.Column('every', sa.Integer(), nullable=False),
    sa.Column('start_min', sa.Integer(), nullable=False),
    sa.Column('end_min', sa.Integer(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=True),
    sa.Column('by_calendar', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id', 'window_id'], ['windows.hall_id', 'windows.id'], name=op.f('fk_service_times_hall_id_window_id_windows')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_service_times_hall_id_halls')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_times'))
    )
    with op.batch_alter_table('service_times', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_times_hall_id'), ['hall_id'], unique=False)

    op.create_table('shift_patterns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('window_id', sa.String(length=32), nullable=False),
    sa.Column('post', sa.Enum('A', 'B', name='post', native_enum=False), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('weekdays', sa.Integer(), nullable=False),
    sa.Column('every', sa.Integer(), nullable=False),
    sa.Column('start_min', sa.Integer(), nullable=False),
    sa.Column('end_min', sa.Integer(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=True),
    sa.Column('by_calendar', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id', 'window_id'], ['windows.hall_id', 'windows.id'], name=op.f('fk_shift_patterns_hall_id_window_id_windows')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_shift_patterns_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift_patterns'))
    )
    with op.batch_alter_table('shift_patterns', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shift_patterns_staff_id'), ['staff_id'], unique=False)
        batch_op.create_index('ix_shift_patterns_window', ['hall_id', 'window_id'], unique=False)

    op.create_table('pattern_skips',
    sa.Column('pattern_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['pattern_id'], ['shift_patterns.id'], name=op.f('fk_pattern_skips_pattern_id_shift_patterns')),
    sa.PrimaryKeyConstraint('pattern_id', 'day', name=op.f('pk_pattern_skips'))
    )


def downgrade() -> None:
    op.drop_table('pattern_skips')
    with op.batch_alter_table('shift_patterns', schema=None) as batch_op:
        batch_op.drop_index('ix_shift_patterns_window')
        batch_op.drop_index(batch_op.f('ix_shift_patterns_staff_id'))

    op.drop_table('shift_patterns')
    with op.batch_alter_table('service_times', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_times_hall_id'))

    op.drop_table('service_times')
    with op.batch_alter_table('roster_notes', schema=None) as batch_op:
        batch_op.drop_index('ix_roster_notes_hall_time')

    op.drop_table('roster_notes')
    with op.batch_alter_table('roster_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_roster_changes_hall_at')

    op.drop_table('roster_changes')
    with op.batch_alter_table('leaves', schema=None) as batch_op:
        batch_op.drop_column('kind')
