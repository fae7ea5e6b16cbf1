"""reports

Revision: 0008; follows 0007.
"""

from alembic import op
import sqlalchemy as sa


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('phase_spans',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('window_id', sa.String(length=32), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('phase', sa.Enum('unknown', 'attended', 'paused', 'empty', 'alerted', 'closed', name='windowphase', native_enum=False, length=16), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_phase_spans_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', 'window_id', 'starts_at', name=op.f('pk_phase_spans'))
    )
    op.create_table('queue_counts',
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('queue_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_queue_counts_hall_id_halls')),
    sa.PrimaryKeyConstraint('hall_id', 'queue_id', 'at', name=op.f('pk_queue_counts'))
    )


def downgrade() -> None:
    op.drop_table('queue_counts')
    op.drop_table('phase_spans')
