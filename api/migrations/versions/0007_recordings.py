"""recordings

Revision: 0007; follows 0006.
"""

from alembic import op
import sqlalchemy as sa


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('footage',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hall_id', sa.String(length=32), nullable=False),
    sa.Column('camera_id', sa.String(length=32), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('asked_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_to', sa.DateTime(timezone=True), nullable=False),
    sa.Column('covers_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('covers_to', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lacking', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('cut_by', sa.String(length=80), nullable=False),
    sa.Column('cut_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hall_id', 'camera_id'], ['cameras.hall_id', 'cameras.id'], name=op.f('fk_footage_hall_id_cameras')),
    sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f('fk_footage_hall_id_halls')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_footage')),
    sa.UniqueConstraint('path', name=op.f('uq_footage_path'))
    )
    op.create_index('ix_footage_hall_asked', 'footage', ['hall_id', 'asked_from'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_footage_hall_asked', table_name='footage')
    op.drop_table('footage')
