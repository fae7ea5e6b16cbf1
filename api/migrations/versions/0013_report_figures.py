"""Figures of each day, stays at counters, groups of a month, the size that a group must have; the
roster's history may be deleted when its time is over.

Revision: 0013; follows 0012.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from api.migrations.append_only import allow_changes, refuse_changes

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

OLD_LINES = (
    'EXISTS (SELECT 1 FROM roster_cuts c WHERE c.hall_id = OLD.hall_id AND OLD.at < c.before)'
)
SPENT = ('attended_s', 'paused_s', 'unattended_s', 'unknown_s', 'not_looked_s', 'closed_s', 'unsaid_s')


def _table(name: str, key: tuple[sa.Column[Any], ...], *others: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column('hall_id', sa.String(length=32), nullable=False),
        *key,
        *others,
        sa.ForeignKeyConstraint(['hall_id'], ['halls.id'], name=op.f(f'fk_{name}_hall_id_halls')),
        sa.PrimaryKeyConstraint('hall_id', *(c.name for c in key), name=op.f(f'pk_{name}')),
    )


def _place(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _day(name: str = 'day') -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=False)


def _time(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _seconds(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Float(precision=53), nullable=False)


def _word(name: str, length: int, *words: str, kind: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Enum(*words, name=kind, native_enum=False, length=length), nullable=False)


def upgrade() -> None:
    op.create_index('ix_phase_spans_hall_time', 'phase_spans', ['hall_id', 'starts_at'])
    op.create_index('ix_queue_counts_hall_time', 'queue_counts', ['hall_id', 'at'])
    _table('counter_stays', (_place('window_id'), _time('starts_at')), _time('ends_at'))
    op.create_index('ix_counter_stays_hall_time', 'counter_stays', ['hall_id', 'starts_at'])
    _table('reckoned_days', (_day(),), _time('made_at'))
    _table('window_days', (_day(), _place('window_id')), *map(_seconds, SPENT))
    _table(
        'queue_hours', (_day(), _number('hour'), _place('queue_id')),
        *map(_number, ('looks', 'total', 'most')),
    )
    _table(
        'flow_hours', (_day(), _number('hour')),
        _seconds('waited_s'), _number('served'), _number('drift'),
    )
    _table(
        'cover_days',
        (
            _day(), _place('window_id'),
            _word('gap', 16, 'planned', 'sudden', kind='gap'),
            _word('post', 1, 'A', 'B', kind='post'),
            sa.Column('named', sa.Boolean(), nullable=False),
            _word(
                'filled', 16, 'minute', 'five', 'fifteen', 'later', 'paused', 'never',
                'cannot_tell', kind='filled',
            ),
        ),
        _number('count'), _seconds('after_s'),
    )
    _table('group_months', (_day('month'),), _time('made_at'), _number('least'),
           sa.Column('groups', sa.JSON(), nullable=False))
    _table('report_terms', (), _number('min_group'), _time('changed_at'),
           sa.Column('changed_by', sa.String(length=80), nullable=False))
    _table('roster_cuts', (), _time('before'))
    allow_changes('roster_changes')
    refuse_changes('roster_changes', OLD_LINES)


def downgrade() -> None:
    allow_changes('roster_changes')
    refuse_changes('roster_changes')
    for name in (
        'roster_cuts', 'report_terms', 'group_months', 'cover_days', 'flow_hours', 'queue_hours', 'window_days',
        'reckoned_days', 'counter_stays',
    ):
        op.drop_table(name)
    op.drop_index('ix_queue_counts_hall_time', 'queue_counts')
    op.drop_index('ix_phase_spans_hall_time', 'phase_spans')
