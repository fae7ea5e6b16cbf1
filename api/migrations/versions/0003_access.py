"""access

Revision: 0003; follows 0002.
"""

from alembic import op
import sqlalchemy as sa

from api.migrations.append_only import allow_changes, refuse_changes


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite can add a column with its reference, but no reference to a column that is there
    op.execute('ALTER TABLE users ADD COLUMN staff_id INTEGER '
               'CONSTRAINT fk_users_staff_id_staff REFERENCES staff (id)')
    op.execute('ALTER TABLE tokens ADD COLUMN hall_id VARCHAR(32) '
               'CONSTRAINT fk_tokens_hall_id_halls REFERENCES halls (id)')
    op.create_index('uq_users_staff_id', 'users', ['staff_id'], unique=True)
    op.add_column('users', sa.Column(
        'all_halls', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text('UPDATE users SET all_halls = true'))  # until now there was one hall
    op.add_column('tokens', sa.Column('scopes', sa.JSON(none_as_null=True), nullable=True))
    op.create_table('user_halls',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_halls_user_id_users')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_user_halls_hall_id_halls')),
    sa.PrimaryKeyConstraint('user_id', 'hall_id', name=op.f('pk_user_halls'))
    )
    op.create_index(op.f('ix_user_halls_hall_id'), 'user_halls', ['hall_id'], unique=False)
    seq = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('access_log',
    sa.Column('seq', seq, autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(length=80), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('object', sa.String(length=200), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=True),
    sa.Column('purpose', sa.String(length=2000), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('previous_sha', sa.String(length=64), nullable=False),
    sa.Column('sha', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_access_log'))
    )
    op.create_index('ix_access_log_at', 'access_log', ['at'], unique=False)
    op.create_index('ix_access_log_object', 'access_log', ['object'], unique=False)
    op.create_table('access_log_cuts',
    sa.Column('upto', seq, autoincrement=False, nullable=False),
    sa.Column('sha', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('upto', name=op.f('pk_access_log_cuts'))
    )
    op.create_table('zone_plans',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('sha', sa.String(length=64), nullable=False),
    sa.Column('cameras', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_zone_plans_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', 'sha', name=op.f('pk_zone_plans'))
    )
    op.create_table('retention',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('hall_id', 'kind', name=op.f('pk_retention'))
    )
    op.create_table('holds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('object', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('laid_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('laid_by', sa.String(length=80), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by', sa.String(length=80), nullable=True),
    sa.Column('lifted_why', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_holds_hall_id_halls')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holds'))
    )
    op.create_index('ix_holds_hall_object', 'holds', ['hall_id', 'object'], unique=False)
    op.create_table('scrubbed_alerts',
    sa.Column('alert_uid', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alert_uid'], ['alerts.uid'],
                            name=op.f('fk_scrubbed_alerts_alert_uid_alerts')),
    sa.PrimaryKeyConstraint('alert_uid', name=op.f('pk_scrubbed_alerts'))
    )
    refuse_changes('access_log_cuts')
    refuse_changes('access_log', 'OLD.seq <= coalesce((SELECT max(upto) FROM access_log_cuts), 0)')


def downgrade() -> None:
    for table in ('zone_plans', 'retention', 'holds', 'scrubbed_alerts'):
        op.drop_table(table)
    for table in ('access_log', 'access_log_cuts'):
        allow_changes(table)
        op.drop_table(table)
    op.drop_table('user_halls')
    op.drop_column('tokens', 'scopes')
    op.drop_column('users', 'all_halls')
    op.drop_index('uq_users_staff_id', 'users')
    op.drop_column('tokens', 'hall_id')
    op.drop_column('users', 'staff_id')
