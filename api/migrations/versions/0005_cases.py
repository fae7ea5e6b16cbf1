"""cases

Revision: 0005; follows 0004.
"""

from alembic import op
import sqlalchemy as sa

from api.migrations.append_only import allow_changes, refuse_changes


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
    op.create_table('review_terms',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('two_decide', sa.Boolean(), nullable=False),
    sa.Column('statement_days', sa.Integer(), nullable=False),
    sa.Column('decision_days', sa.Integer(), nullable=False),
    sa.Column('appeal_days', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_review_terms_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', name=op.f('pk_review_terms'))
    )
    op.create_table('cases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(length=16), nullable=False),
    sa.Column('state', sa.Enum('opened', 'notified', 'stated', 'proposed', 'decided', 'served', 'appealed', 'ruled', 'closed', name='casestate', native_enum=False, length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('conduct_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=True),
    sa.Column('person_number', sa.String(length=32), nullable=True),
    sa.Column('person_name', sa.String(length=80), nullable=True),
    sa.Column('two_decide', sa.Boolean(), nullable=False),
    sa.Column('statement_days', sa.Integer(), nullable=False),
    sa.Column('appeal_days', sa.Integer(), nullable=False),
    sa.Column('decision_days', sa.Integer(), nullable=False),
    sa.Column('decision_due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('notified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('statement_due', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Enum('confirmed', 'unfounded', 'excused', name='outcome', native_enum=False, length=16), nullable=True),
    sa.Column('measures', sa.JSON(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('served_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appeal_due', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ruling_due', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['approved_by'], ['users.id'], name=op.f('fk_cases_approved_by_users')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_cases_decided_by_users')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_cases_hall_id_halls')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_cases_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases'))
    )
    op.create_index('ix_cases_hall_state', 'cases', ['hall_id', 'state', 'opened_at'], unique=False)
    op.create_index('ix_cases_staff_conduct', 'cases', ['staff_id', 'conduct_at'], unique=False)
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
    op.create_table('case_alerts',
    sa.Column('alert_uid', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['alert_uid'], ['alerts.uid'], name=op.f('fk_case_alerts_alert_uid_alerts')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_alerts_case_id_cases')),
    sa.PrimaryKeyConstraint('alert_uid', name=op.f('pk_case_alerts'))
    )
    op.create_index(op.f('ix_case_alerts_case_id'), 'case_alerts', ['case_id'], unique=False)
    op.create_table('case_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(length=80), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_events_case_id_cases')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_case_events_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_events')),
    sa.UniqueConstraint('case_id', 'seq', name=op.f('uq_case_events_case_id_seq'))
    )
    op.create_table('complaints',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.String(length=16), nullable=False),
    sa.Column('reference', sa.String(length=64), nullable=True),
    sa.Column('channel', sa.Enum('window', 'phone', 'hotline', 'letter', 'online', name='channel', native_enum=False, length=16), nullable=False),
    sa.Column('window_id', sa.String(length=32), nullable=True),
    sa.Column('happened_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('happened_to', sa.DateTime(timezone=True), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('complainant', sa.String(length=80), nullable=False),
    sa.Column('contact', sa.String(length=120), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('registered', 'opined', 'answered', name='complaintstate', native_enum=False, length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('opinion_due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opinion_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('duty', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('gathered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_complaints_case_id_cases')),
    sa.ForeignKeyConstraint(['hall_id', 'window_id'], ['windows.hall_id', 'windows.id'], name=op.f('fk_complaints_hall_id_window_id_windows')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_complaints_hall_id_halls')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaints')),
    sa.UniqueConstraint('hall_id', 'reference', name=op.f('uq_complaints_hall_id_reference'))
    )
    op.create_index(op.f('ix_complaints_case_id'), 'complaints', ['case_id'], unique=False)
    op.create_index('ix_complaints_hall_state', 'complaints', ['hall_id', 'state', 'received_at'], unique=False)
    op.create_table('complaint_alerts',
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('alert_uid', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['alert_uid'], ['alerts.uid'], name=op.f('fk_complaint_alerts_alert_uid_alerts')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaints.id'], name=op.f('fk_complaint_alerts_complaint_id_complaints')),
    sa.PrimaryKeyConstraint('complaint_id', 'alert_uid', name=op.f('pk_complaint_alerts'))
    )
    op.create_index(op.f('ix_complaint_alerts_alert_uid'), 'complaint_alerts', ['alert_uid'], unique=False)
    op.create_table('complaint_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('act', sa.Enum('register', 'gather', 'refer', 'opine', 'answer', name='complaintact', native_enum=False, length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(length=80), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaints.id'], name=op.f('fk_complaint_events_complaint_id_complaints')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_complaint_events_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_events')),
    sa.UniqueConstraint('complaint_id', 'seq', name=op.f('uq_complaint_events_complaint_id_seq'))
    )
    op.create_table('complaint_footage',
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('footage_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaints.id'], name=op.f('fk_complaint_footage_complaint_id_complaints')),
    sa.PrimaryKeyConstraint('complaint_id', 'footage_id', name=op.f('pk_complaint_footage'))
    )
    refuse_changes('case_events')
    refuse_changes('complaint_events')


def downgrade() -> None:
    allow_changes('complaint_events')
    allow_changes('case_events')
    op.drop_table('complaint_footage')
    op.drop_table('complaint_events')
    op.drop_index(op.f('ix_complaint_alerts_alert_uid'), table_name='complaint_alerts')
    op.drop_table('complaint_alerts')
    op.drop_index('ix_complaints_hall_state', table_name='complaints')
    op.drop_index(op.f('ix_complaints_case_id'), table_name='complaints')
    op.drop_table('complaints')
    op.drop_table('case_events')
    op.drop_index(op.f('ix_case_alerts_case_id'), table_name='case_alerts')
    op.drop_table('case_alerts')
    op.drop_index(op.f('ix_alert_exemptions_exemption_id'), table_name='alert_exemptions')
    op.drop_table('alert_exemptions')
    op.drop_index('ix_exemptions_hall_time', table_name='exemptions')
    op.drop_table('exemptions')
    op.drop_index('ix_cases_staff_conduct', table_name='cases')
    op.drop_index('ix_cases_hall_state', table_name='cases')
    op.drop_table('cases')
    op.drop_table('review_terms')
    op.drop_table('hall_days')
