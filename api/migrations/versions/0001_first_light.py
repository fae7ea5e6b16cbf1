"""first light

Revision: 0001; follows .
"""

from alembic import op
import sqlalchemy as sa


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('halls',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('sha', sa.String(length=64), nullable=False),
    sa.Column('synced_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_halls'))
    )
    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('full_name', sa.String(length=80), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('name', name=op.f('uq_users_name'))
    )
    op.create_table('alerts',
    sa.Column('uid', sa.String(length=64), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('camera_id', sa.String(length=32), nullable=False),
    sa.Column('subject', sa.String(length=32), nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=16), nullable=False),
    sa.Column('severity', sa.Integer(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('began_s', sa.Float(precision=53), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('at_s', sa.Float(precision=53), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_s', sa.Float(precision=53), nullable=True),
    sa.Column('why', sa.JSON(), nullable=False),
    sa.Column('policy', sa.JSON(), nullable=False),
    sa.Column('model_sha', sa.String(length=64), nullable=False),
    sa.Column('hall_sha', sa.String(length=64), nullable=False),
    sa.Column('duty', sa.JSON(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_alerts_hall_id_halls')),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_alerts'))
    )
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index('ix_alerts_began', ['began_at', 'uid'], unique=False)
        batch_op.create_index('ix_alerts_hall_began', ['hall_id', 'began_at', 'uid'], unique=False)
        batch_op.create_index('ix_alerts_state_began', ['state', 'began_at', 'uid'], unique=False)
        batch_op.create_index('ix_alerts_subject_began', ['hall_id', 'subject', 'began_at'], unique=False)

    op.create_table('cameras',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_cameras_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', 'id', name=op.f('pk_cameras'))
    )
    op.create_table('schedule_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_sha', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_schedule_imports_hall_id_halls')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule_imports'))
    )
    op.create_table('staff',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_staff_hall_id_halls')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('hall_id', 'number', name=op.f('uq_staff_hall_id_number'))
    )
    op.create_table('tokens',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('secret_sha', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_tokens_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tokens')),
    sa.UniqueConstraint('secret_sha', name=op.f('uq_tokens_secret_sha'))
    )
    with op.batch_alter_table('tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tokens_user_id'), ['user_id'], unique=False)

    op.create_table('alert_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('alert_uid', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('what', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(length=80), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['alert_uid'], ['alerts.uid'], name=op.f('fk_alert_events_alert_uid_alerts')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_alert_events_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_events')),
    sa.UniqueConstraint('alert_uid', 'key', name=op.f('uq_alert_events_alert_uid_key'))
    )
    with op.batch_alter_table('alert_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alert_events_alert_uid'), ['alert_uid'], unique=False)

    op.create_table('clips',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alert_uid', sa.String(length=64), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('asked_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_to', sa.DateTime(timezone=True), nullable=False),
    sa.Column('covers_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('covers_to', sa.DateTime(timezone=True), nullable=False),
    sa.Column('complete', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['alert_uid'], ['alerts.uid'], name=op.f('fk_clips_alert_uid_alerts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clips')),
    sa.UniqueConstraint('alert_uid', 'path', name=op.f('uq_clips_alert_uid_path'))
    )
    with op.batch_alter_table('clips', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clips_alert_uid'), ['alert_uid'], unique=False)

    op.create_table('leaves',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['schedule_imports.id'], name=op.f('fk_leaves_import_id_schedule_imports')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_leaves_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leaves'))
    )
    with op.batch_alter_table('leaves', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_leaves_staff_id'), ['staff_id'], unique=False)

    op.create_table('queues',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('camera_id', sa.String(length=32), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hall_id', 'camera_id'], ['cameras.hall_id', 'cameras.id'], name=op.f('fk_queues_hall_id_camera_id_cameras')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_queues_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', 'id', name=op.f('pk_queues'))
    )
    op.create_table('stills',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alert_uid', sa.String(length=64), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alert_uid'], ['alerts.uid'], name=op.f('fk_stills_alert_uid_alerts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stills')),
    sa.UniqueConstraint('alert_uid', 'path', name=op.f('uq_stills_alert_uid_path'))
    )
    with op.batch_alter_table('stills', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stills_alert_uid'), ['alert_uid'], unique=False)

    op.create_table('windows',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('camera_id', sa.String(length=32), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hall_id', 'camera_id'], ['cameras.hall_id', 'cameras.id'], name=op.f('fk_windows_hall_id_camera_id_cameras')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_windows_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', 'id', name=op.f('pk_windows'))
    )
    op.create_table('zones',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('owner', sa.String(length=32), nullable=False),
    sa.Column('camera_id', sa.String(length=32), nullable=False),
    sa.Column('corners', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id', 'camera_id'], ['cameras.hall_id', 'cameras.id'], name=op.f('fk_zones_hall_id_camera_id_cameras')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_zones_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', 'kind', 'owner', name=op.f('pk_zones'))
    )
    op.create_table('posts',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('window_id', sa.String(length=32), nullable=False),
    sa.Column('post', sa.Enum('A', 'B', name='post', native_enum=False), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id', 'window_id'], ['windows.hall_id', 'windows.id'], name=op.f('fk_posts_hall_id_window_id_windows')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_posts_staff_id_staff')),
    sa.PrimaryKeyConstraint('hall_id', 'window_id', 'post', name=op.f('pk_posts'))
    )
    op.create_table('shifts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('window_id', sa.String(length=32), nullable=False),
    sa.Column('post', sa.Enum('A', 'B', name='post', native_enum=False), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['hall_id', 'window_id'], ['windows.hall_id', 'windows.id'], name=op.f('fk_shifts_hall_id_window_id_windows')),
    sa.ForeignKeyConstraint(['import_id'], ['schedule_imports.id'], name=op.f('fk_shifts_import_id_schedule_imports')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_shifts_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shifts'))
    )
    with op.batch_alter_table('shifts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shifts_staff_id'), ['staff_id'], unique=False)
        batch_op.create_index('ix_shifts_window_time', ['hall_id', 'window_id', 'starts_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('shifts', schema=None) as batch_op:
        batch_op.drop_index('ix_shifts_window_time')
        batch_op.drop_index(batch_op.f('ix_shifts_staff_id'))

    op.drop_table('shifts')
    op.drop_table('posts')
    op.drop_table('zones')
    op.drop_table('windows')
    with op.batch_alter_table('stills', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stills_alert_uid'))

    op.drop_table('stills')
    op.drop_table('queues')
    with op.batch_alter_table('leaves', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_leaves_staff_id'))

    op.drop_table('leaves')
    with op.batch_alter_table('clips', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clips_alert_uid'))

    op.drop_table('clips')
    with op.batch_alter_table('alert_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alert_events_alert_uid'))

    op.drop_table('alert_events')
    with op.batch_alter_table('tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tokens_user_id'))

    op.drop_table('tokens')
    op.drop_table('staff')
    op.drop_table('schedule_imports')
    op.drop_table('cameras')
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_index('ix_alerts_subject_began')
        batch_op.drop_index('ix_alerts_state_began')
        batch_op.drop_index('ix_alerts_hall_began')
        batch_op.drop_index('ix_alerts_began')

    op.drop_table('alerts')
    op.drop_table('users')
    op.drop_table('halls')
