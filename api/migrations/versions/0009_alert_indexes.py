"""Alerts are found among a million: each search text once, indexes for the inbox's filters.

Revision: 0009; follows 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'alert_texts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_texts')),
        sa.UniqueConstraint('text', name=op.f('uq_alert_texts_text')),
    )
    # the text of revision 0001 names the alert's own uid; without it, texts are shared
    op.execute(
        "INSERT INTO alert_texts (text) "
        "SELECT DISTINCT replace(search_text, ' ' || uid, '') FROM alerts"
    )
    with op.batch_alter_table('alerts') as batch:
        batch.add_column(sa.Column('text_id', sa.Integer(), nullable=True))
    op.execute(
        "UPDATE alerts SET text_id = (SELECT id FROM alert_texts "
        "WHERE text = replace(alerts.search_text, ' ' || alerts.uid, ''))"
    )
    with op.batch_alter_table('alerts') as batch:
        batch.alter_column('text_id', existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f('fk_alerts_text_id_alert_texts'), 'alert_texts', ['text_id'], ['id'])
        batch.drop_column('search_text')
        batch.drop_index('ix_alerts_state_began')
        batch.create_index('ix_alerts_hall_state', ['hall_id', 'state', 'began_at', 'uid'])
        batch.create_index('ix_alerts_hall_rule', ['hall_id', 'rule', 'state', 'began_at', 'severity'])
        batch.create_index('ix_alerts_subject_state', ['hall_id', 'subject', 'state', 'began_at'])
        batch.create_index('ix_alerts_text', ['text_id', 'state', 'began_at'])


def downgrade() -> None:
    with op.batch_alter_table('alerts') as batch:
        batch.add_column(sa.Column('search_text', sa.Text(), nullable=True))
    op.execute(
        "UPDATE alerts SET search_text = (SELECT text || ' ' || alerts.uid FROM alert_texts "
        "WHERE id = alerts.text_id)"
    )
    with op.batch_alter_table('alerts') as batch:
        batch.alter_column('search_text', existing_type=sa.Text(), nullable=False)
        batch.drop_index('ix_alerts_text')
        batch.drop_index('ix_alerts_subject_state')
        batch.drop_index('ix_alerts_hall_rule')
        batch.drop_index('ix_alerts_hall_state')
        batch.create_index('ix_alerts_state_began', ['state', 'began_at', 'uid'])
        batch.drop_constraint(op.f('fk_alerts_text_id_alert_texts'), type_='foreignkey')
        batch.drop_column('text_id')
    op.drop_table('alert_texts')
