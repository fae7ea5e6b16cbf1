"""notices

Revision: 0006; follows 0005.
"""

from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice_policies',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('second_level_s', sa.Integer(), nullable=False),
    sa.Column('third_level_s', sa.Integer(), nullable=False),
    sa.Column('quiet_from_min', sa.Integer(), nullable=True),
    sa.Column('quiet_to_min', sa.Integer(), nullable=True),
    sa.Column('quiet_passes', sa.Integer(), nullable=False),
    sa.Column('storm_count', sa.Integer(), nullable=False),
    sa.Column('storm_s', sa.Integer(), nullable=False),
    sa.Column('says_names', sa.Boolean(), nullable=False),
    sa.Column('console_url', sa.String(length=200), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_notice_policies_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', name=op.f('pk_notice_policies'))
    )
    op.create_table('notice_channels',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.Enum('wecom', 'dingtalk', 'feishu', 'mail', 'webhook', 'other', name='channelkind', native_enum=False, length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=80), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_notice_channels_hall_id_halls')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_notice_channels_owner_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_channels'))
    )
    with op.batch_alter_table('notice_channels', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_channels_hall_id'), ['hall_id'], unique=False)

    op.create_table('notices_seen',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notices_seen_user_id_users')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_notices_seen'))
    )
    op.create_table('notice_routes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=32), nullable=False),
    sa.Column('at_least', sa.Integer(), nullable=False),
    sa.Column('channel_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.Enum('supervisor', 'reviewer', 'head', 'clerk', 'admin', 'machine', name='role', native_enum=False, length=16), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['channel_id'], ['notice_channels.id'], name=op.f('fk_notice_routes_channel_id_notice_channels')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_notice_routes_hall_id_halls')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notice_routes_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_routes'))
    )
    with op.batch_alter_table('notice_routes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_routes_hall_id'), ['hall_id'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.Enum('raised', 'escalated', 'taken', 'ended', 'digest', 'posted', 'test', name='noticekind', native_enum=False, length=16), nullable=False),
    sa.Column('alert_uid', sa.String(length=64), nullable=True),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('severity', sa.Integer(), nullable=False),
    sa.Column('channel_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.Enum('supervisor', 'reviewer', 'head', 'clerk', 'admin', 'machine', name='role', native_enum=False, length=16), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('folded', 'waiting', 'sending', 'sent', 'failed', 'dropped', name='noticestate', native_enum=False, length=16), nullable=False),
    sa.Column('open', sa.Boolean(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('digest_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['channel_id'], ['notice_channels.id'], name=op.f('fk_notices_channel_id_notice_channels')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_notices_hall_id_halls')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notices_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('key', name=op.f('uq_notices_key'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_alert_uid'), ['alert_uid'], unique=False)
        batch_op.create_index('ix_notices_due', ['state', 'next_at'], unique=False)
        batch_op.create_index('ix_notices_hall_created', ['hall_id', 'created_at'], unique=False)
        batch_op.create_index('ix_notices_open', ['hall_id', 'open'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index('ix_notices_open')
        batch_op.drop_index('ix_notices_hall_created')
        batch_op.drop_index('ix_notices_due')
        batch_op.drop_index(batch_op.f('ix_notices_alert_uid'))

    op.drop_table('notices')
    with op.batch_alter_table('notice_routes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_routes_hall_id'))

    op.drop_table('notice_routes')
    op.drop_table('notices_seen')
    with op.batch_alter_table('notice_channels', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_channels_hall_id'))

    op.drop_table('notice_channels')
    op.drop_table('notice_policies')
