"""cases

Revision: 0005; follows 0004.
"""

from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hall_days',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('works', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_hall_days_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', 'day', name=op.f('pk_hall_days'))
    )
    op.create_table('exemptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.Enum('work_call', 'medical', 'meal', 'visitor', 'training', name='exemptionkind', native_enum=False, length=16), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=True),
    sa.Column('window_id', sa.String(length=32), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('allowed_by', sa.String(length=80), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=80), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(length=80), nullable=True),
    sa.Column('revoked_why', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['hall_id', 'window_id'], ['windows.hall_id', 'windows.id'], name=op.f('fk_exemptions_hall_id_window_id_windows')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_exemptions_hall_id_halls')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_exemptions_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exemptions'))
    )
    op.create_index('ix_exemptions_hall_time', 'exemptions', ['hall_id', 'starts_at'], unique=False)
    op.create_table('alert_exemptions',
    sa.Column('alert_uid', sa.String(length=64), nullable=False),
    sa.Column('exemption_id', sa.Integer(), nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alert_uid'], ['alerts.uid'], name=op.f('fk_alert_exemptions_alert_uid_alerts')),
    sa.ForeignKeyConstraint(['exemption_id'], ['exemptions.id'], name=op.f('fk_alert_exemptions_exemption_id_exemptions')),
    sa.PrimaryKeyConstraint('alert_uid', 'exemption_id', name=op.f('pk_alert_exemptions'))
    )
    op.create_index(op.f('ix_alert_exemptions_exemption_id'), 'alert_exemptions', ['exemption_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_alert_exemptions_exemption_id'), table_name='alert_exemptions')
    op.drop_table('alert_exemptions')
    op.drop_index('ix_exemptions_hall_time', table_name='exemptions')
    op.drop_table('exemptions')
    op.drop_table('hall_days')
