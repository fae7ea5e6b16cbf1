"""Messages from alert to receiver: planned, queued, sent, marked; restarts, outages, storms."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from api.alerts.acts import Act, act_on
from api.alerts.record import record_alert
from api.audit.record import AccessBy
from api.console.strings import LANGUAGES, Say
from api.database import Database
from api.halls.reach import EVERY_HALL
from api.notices.channels import (
    Wanted,
    add_channel,
    retire_channel,
    send_test,
)
from api.notices.dispatcher import Dispatcher
from api.notices.plan import Route, Target
from api.notices.policies import Wishes, routes_of, set_routes, wish
from api.notices.posting import post_notice
from api.notices.queue import GIVEN_UP_AFTER, LEASE, NotFailedError, claim, send_again
from api.notices.senders import Channel, NotSentError, Outgoing, Why, send
from api.notices.showing import KEPT, Reader, Shown, mark_seen, seen_up_to, titles_in, to_show
from api.notices.tables import ChannelKind, ChannelRow, NoticeKind, NoticeRow, NoticeState
from api.users.accounts import add_user
from api.users.tables import Role
from api.vault import Vault
from tests.halls import NOON, ended, escalated, put_hall, raised
from tests.office import PASSWORD_HASH
from tests.receivers import http_receiver
from vision.records import Alert, Severity

ZHOU = AccessBy(None, "周主任")


class AtOnce(Executor):
    """Runs what it is given before it returns."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@dataclass
class Post:
    """A sender that notes what it took; `trouble` is raised instead, once for each entry."""

    taken: list[tuple[str, Outgoing]] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)

    def __call__(self, channel: Channel, message: Outgoing) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.taken.append((channel.name, message))

    def titles(self) -> list[str]:
        return [message.title for _, message in self.taken]


@dataclass
class Hall:
    """A hall with one channel to which all alerts go, and a clock that tests turn."""

    database: Database
    post: Post = field(default_factory=Post)
    now: datetime = NOON + timedelta(minutes=3)

    def __post_init__(self) -> None:
        self.vault = Vault()
        with self.database.session() as session:
            put_hall(session)
        self.channel = self.add("值班群")
        self.route(Route(Target(channel=self.channel)))
        self.dispatcher = self.restarted()

    def restarted(self) -> Dispatcher:
        """Another process on the same database."""
        return Dispatcher(self.database, self.vault, self.post, lambda: self.now, AtOnce())

    def add(self, name: str, url: str = "http://127.0.0.1:9/", **changes: Any) -> int:
        wanted = Wanted(ChannelKind.WEBHOOK, name, secret={"url": url}, **changes)
        with self.database.session() as session:
            return add_channel(session, "demo", wanted, self.vault, ZHOU, NOON).id

    def route(self, *routes: Route) -> None:
        with self.database.session() as session:
            set_routes(session, "demo", routes, ZHOU, NOON)

    def wish(self, **wishes: Any) -> None:
        with self.database.session() as session:
            wish(session, "demo", Wishes(**wishes), ZHOU, NOON)

    def receive(self, *alerts: Alert) -> None:
        for alert in alerts:
            with self.database.session() as session:
                record_alert(session, alert, self.now)

    def take(self, alert: Alert) -> None:
        with self.database.session() as session:
            supervisor = add_user(
                session, "zhou", "周主任", Role.SUPERVISOR, PASSWORD_HASH, self.now
            )
            actor = AccessBy(supervisor.id, supervisor.full_name)
            act_on(session, alert.uid, Act.ACKNOWLEDGE, actor, self.now)

    def tick(self, **later: float) -> None:
        self.now += timedelta(**later)
        self.dispatcher.tick()

    def remind(self, to: Role | int = Role.REVIEWER, key: str = "case:1:due", **more: Any) -> None:
        with self.database.session() as session:
            post_notice(
                session,
                "demo",
                key=key,
                to=to,
                words=due_words,
                path="/cases/1",
                now=self.now,
                **more,
            )

    def shown(self, reader: Reader) -> list[Shown]:
        """What this person finds on the console who opens it now."""
        with self.database.reading() as session:
            after = seen_up_to(session, reader.user_id)
            return to_show(session, reader, after, Say("zh"), self.now)

    def close(self, reader: Reader, notice_id: int) -> None:
        with self.database.session() as session:
            mark_seen(session, reader.user_id, notice_id)

    def notices(self) -> list[NoticeRow]:
        with self.database.reading() as session:
            return list(session.scalars(select(NoticeRow).order_by(NoticeRow.id)))


@pytest.fixture
def hall(database: Database) -> Iterator[Hall]:
    hall = Hall(database)
    yield hall
    hall.dispatcher.close()


def test_what_was_not_written_yet_cannot_be_seen(hall: Hall) -> None:
    with hall.database.session() as session:
        sun = add_user(session, "sun", "孙纪检", Role.REVIEWER, PASSWORD_HASH, hall.now)
    reader = Reader(sun.id, Role.REVIEWER, EVERY_HALL)
    hall.remind()
    hall.tick(seconds=5)
    (notice,) = hall.notices()
    hall.close(reader, notice.id + 1000)
    assert not hall.shown(reader)
    hall.remind(key="case:2:due")
    hall.tick(seconds=5)
    hall.close(reader, notice.id)  # a page that was left open: what was seen stays seen
    assert [shown.id for shown in hall.shown(reader)] == [notice.id + 1]


def test_an_absence_is_told_and_then_its_end(hall: Hall) -> None:
    hall.wish(console_url="http://10.0.0.5:8000/")
    alert = raised()
    hall.receive(alert)
    hall.tick()
    hall.tick(seconds=5)
    hall.receive(escalated(alert), ended(alert))
    hall.tick(minutes=5)
    hall.tick(seconds=5)
    (_, first), (_, last) = hall.post.taken
    assert first.title == "【警告】空岗 · 1号窗口"
    assert first.body == "今天 12:00:00 开始，已持续 3分00秒\n大厅：示范政务大厅"
    assert first.link == f"http://10.0.0.5:8000/alerts/{alert.uid}"
    assert last.title == "【结束】空岗 · 1号窗口"
    assert last.body.startswith("今天 12:00:00 至 12:07:00，共 7分00秒")
    assert {n.state for n in hall.notices()} == {NoticeState.SENT}


def test_names_are_said_only_where_the_hall_asks_for_them(hall: Hall) -> None:
    hall.receive(raised())
    hall.tick()
    hall.take(raised())
    hall.tick(seconds=5)
    hall.wish(says_names=True)
    hall.receive(raised(10))
    hall.tick(minutes=10)
    quiet, taken, loud = (message.body for _, message in hall.post.taken)
    assert "张三" not in quiet
    assert "处理人：大厅主管" in taken
    assert "当班：张三（A岗）" in loud


def test_a_channel_speaks_its_own_language(hall: Hall) -> None:
    hall.route(Route(Target(channel=hall.add("Office", language="en"))))
    hall.receive(raised())
    hall.tick()
    assert hall.post.titles() == ["[Warning] Window unattended · 1号窗口"]


def test_killed_between_sending_and_marking_it_is_sent_again_with_the_same_key(hall: Hall) -> None:
    hall.receive(raised())
    hall.dispatcher.plan()
    with hall.database.session() as session:
        claim(session, hall.now)  # and the process dies: sent or not, nobody knows
    hall.restarted().tick()
    assert hall.post.taken == []
    hall.now += LEASE
    hall.restarted().tick()
    hall.restarted().tick()
    ((_, message),) = hall.post.taken
    assert message.key == hall.notices()[0].key
    assert hall.notices()[0].attempts == 2


def test_a_crash_while_sending_loses_nothing(hall: Hall) -> None:
    hall.post.trouble = [RuntimeError("a fault of ours")]
    hall.receive(raised())
    hall.tick()
    assert hall.post.taken == []
    assert hall.notices()[0].error == "fault: RuntimeError"
    hall.tick(seconds=10)
    assert len(hall.post.taken) == 1


def test_an_outage_is_bridged_with_growing_pauses_and_in_order(hall: Hall) -> None:
    hall.post.trouble = [NotSentError(Why.SILENT)] * 3
    alert = raised()
    hall.receive(alert)
    hall.tick()
    hall.receive(ended(alert))
    tries = []
    for _ in range(12):
        before = len(hall.post.trouble)
        hall.tick(seconds=10)
        if len(hall.post.trouble) < before:
            tries.append(hall.now)
    assert [(b - a).total_seconds() for a, b in pairwise(tries)] == [30]
    assert [t[1:3] for t in hall.post.titles()] == ["警告", "结束"]
    assert [n.error for n in hall.notices()] == ["", ""]


def test_what_cannot_be_sent_is_given_up_where_all_can_see_and_can_be_sent_again(
    hall: Hall,
) -> None:
    hall.post.trouble = [NotSentError(Why.REFUSED, "93000 invalid webhook url", lasting=True)]
    hall.receive(raised(), raised(0, subject="w2"))
    hall.tick()
    first, second = hall.notices()
    assert (first.state, second.state) == (NoticeState.FAILED, NoticeState.SENT)
    assert "93000" in first.error
    with hall.database.session() as session:
        send_again(session, "demo", first.id, ZHOU, hall.now)
    with hall.database.session() as session, pytest.raises(NotFailedError):
        send_again(session, "demo", second.id, ZHOU, hall.now)
    hall.tick(seconds=1)
    assert len(hall.post.taken) == 2


def test_after_a_day_of_trying_it_is_given_up(hall: Hall) -> None:
    hall.post.trouble = [NotSentError(Why.SILENT)] * 100
    hall.receive(raised())
    for _ in range(60):
        hall.tick(minutes=30)
    (notice,) = hall.notices()
    assert notice.state is NoticeState.FAILED
    assert notice.next_at - notice.created_at <= GIVEN_UP_AFTER + timedelta(minutes=30)


def test_a_storm_comes_as_one_message(hall: Hall) -> None:
    hall.receive(*(raised(n / 100, subject=s) for n in range(6) for s in ("w1", "w2")))
    hall.tick()
    hall.tick(minutes=1)
    titles = hall.post.titles()
    assert len(titles) == 6
    assert titles[-1] == "【警告】合并提醒：7 条"
    lines = hall.post.taken[-1][1].body.splitlines()
    assert lines[0] == "空岗 7 条"
    assert len([line for line in lines if line.startswith("· 12:00:0")]) == 7
    told = [n for n in hall.notices() if n.state is NoticeState.FOLDED]
    assert {n.digest_id for n in told} == {hall.notices()[-1].id}


def test_nobody_took_it_so_the_head_is_told_on_the_console_and_on_their_own_channel(
    hall: Hall,
) -> None:
    with hall.database.session() as session:
        head = add_user(session, "fang", "方局长", Role.HEAD, PASSWORD_HASH, NOON).id
    hall.add("方局长的邮箱", owner=head)
    hall.route(
        Route(Target(channel=hall.channel)),
        Route(Target(role=Role.HEAD), level=2, at_least=Severity.WARNING),
    )
    hall.receive(raised())
    hall.tick()
    hall.tick(minutes=16)
    assert [name for name, _ in hall.post.taken] == ["值班群", "方局长的邮箱"]
    assert hall.post.titles()[1] == "【警告·无人处理】空岗 · 1号窗口"
    assert "已等待 16分00秒，还没有人处理" in hall.post.taken[1][1].body
    on_console = [n for n in hall.notices() if n.role is Role.HEAD]
    assert [n.state for n in on_console] == [NoticeState.SENT]


def test_two_planners_at_once_make_each_message_once(hall: Hall) -> None:
    hall.receive(raised())
    hall.dispatcher.plan()
    hall.restarted().plan()
    assert len(hall.notices()) == 1


def test_before_a_hall_says_anything_its_supervisors_hear_of_alerts_on_the_console(
    database: Database,
) -> None:
    with database.session() as session:
        put_hall(session)
        record_alert(session, raised(), NOON + timedelta(minutes=2))
    Dispatcher(database, Vault(), Post(), lambda: NOON + timedelta(minutes=2), AtOnce()).tick()
    with database.reading() as session:
        (notice,) = session.scalars(select(NoticeRow))
        assert (notice.role, notice.state) == (Role.SUPERVISOR, NoticeState.SENT)
        assert routes_of(session, "demo")[0].target == Target(role=Role.SUPERVISOR)


def test_a_retired_channel_gets_nothing_more_and_keeps_its_history(hall: Hall) -> None:
    hall.post.trouble = [NotSentError(Why.SILENT)]
    hall.receive(raised())
    hall.tick()
    with hall.database.session() as session:
        retire_channel(session, "demo", hall.channel, ZHOU, hall.now)
    hall.receive(raised(5))
    hall.tick(minutes=5)
    assert hall.post.taken == []
    assert [n.state for n in hall.notices()] == [NoticeState.DROPPED]
    with hall.database.reading() as session:
        assert routes_of(session, "demo") == ()
        assert session.get_one(ChannelRow, hall.channel).secret == ""


def test_reminders_are_said_once(hall: Hall) -> None:
    for _ in range(2):
        with hall.database.session() as session:
            post_notice(
                session, "demo", key="case:1:due", to=Role.REVIEWER, words=due_words,
                path="/cases/1", now=hall.now,
            )  # fmt: skip
    titles = [(n.kind, n.title) for n in hall.notices()]
    assert titles == [(NoticeKind.POSTED, "快到期：案件 1 应作决定")]


def reader_in(hall: Hall, role: Role) -> Reader:
    with hall.database.session() as session:
        user = add_user(session, "sun", "孙纪检", role, PASSWORD_HASH, NOON)
        return Reader(user.id, role, EVERY_HALL)


def test_a_reminder_of_midnight_is_shown_in_the_morning_until_it_is_closed(hall: Hall) -> None:
    sun = reader_in(hall, Role.REVIEWER)
    hall.now = NOON + timedelta(hours=12)
    hall.remind()
    hall.now += timedelta(minutes=10)
    assert [card.fresh for card in hall.shown(sun)] == [True]
    hall.now += timedelta(hours=8.5)
    (card,) = hall.shown(sun)
    assert (card.title, card.fresh) == ("快到期：案件 1 应作决定", False)
    assert card.body.endswith("\n今天 00:00:00")
    hall.now += timedelta(days=1)
    assert hall.shown(sun)[0].body.endswith("\n昨天 00:00:00")
    hall.close(sun, card.id)
    assert hall.shown(sun) == []


def test_a_reminder_that_nobody_looked_at_is_gone_after_some_days(hall: Hall) -> None:
    sun = reader_in(hall, Role.REVIEWER)
    hall.remind()
    hall.now += KEPT
    assert len(hall.shown(sun)) == 1
    hall.now += timedelta(seconds=1)
    assert hall.shown(sun) == []


def test_the_digest_of_the_night_is_shown_until_its_alerts_are_taken(hall: Hall) -> None:
    head = reader_in(hall, Role.HEAD)
    hall.route(Route(Target(role=Role.HEAD)))
    hall.wish(quiet_from_min=12 * 60, quiet_to_min=13 * 60)
    hall.receive(raised())
    for hours in (0, 1, 2):
        hall.tick(hours=hours)
    (card,) = hall.shown(head)
    assert (card.title, card.fresh) == ("【警告】合并提醒：1 条", False)
    hall.take(raised())
    assert hall.shown(head) == []


def test_one_alert_is_news_for_half_an_hour(hall: Hall) -> None:
    head = reader_in(hall, Role.HEAD)
    hall.route(Route(Target(role=Role.HEAD)))
    hall.receive(raised())
    hall.tick()
    assert len(hall.shown(head)) == 1
    hall.now += timedelta(minutes=31)
    assert hall.shown(head) == []


def test_in_quiet_hours_a_reminder_waits_for_its_channel_and_holds_up_nothing(hall: Hall) -> None:
    sun = reader_in(hall, Role.REVIEWER)
    own = hall.add("自己的", owner=sun.user_id)
    hall.route(Route(Target(channel=own)))
    hall.wish(quiet_from_min=12 * 60, quiet_to_min=13 * 60)
    hall.remind()
    hall.remind(key="case:2:due", severity=Severity.SERIOUS)
    hall.receive(escalated(raised()))
    hall.tick()
    assert [t[:4] for t in hall.post.titles()] == ["快到期：", "【严重】"]
    assert len(hall.shown(sun)) == 2
    hall.now = NOON + timedelta(minutes=59)
    hall.tick()
    assert len(hall.post.taken) == 2
    hall.tick(minutes=1)
    assert [m.key for _, m in hall.post.taken][2:] == [f"posted:case:1:due:c{own}"]


def test_an_end_in_quiet_hours_comes_with_the_digest_that_ends_them(hall: Hall) -> None:
    alert = raised()
    hall.wish(quiet_from_min=12 * 60 + 5, quiet_to_min=13 * 60)
    hall.receive(alert)
    hall.tick()
    hall.now = NOON + timedelta(minutes=10)
    hall.receive(ended(alert))
    hall.take(alert)
    hall.tick()
    assert len(hall.post.taken) == 1
    hall.now = NOON + timedelta(hours=1)
    hall.tick()
    (_, digest) = hall.post.taken[1]
    assert digest.title == "【警告】合并提醒：1 条"
    assert digest.body.splitlines()[1] == ("· 12:00:00 空岗 · 1号窗口 已结束 · 处理人：大厅主管")


def due_words(say: Say) -> tuple[str, str]:
    what = say.of("reminder", "decision", number=1)
    return say("reminder_soon", what=what), say("reminder_until", date="-")


def test_everybody_reads_in_their_language(hall: Hall) -> None:
    """On the console by the person's, in a channel by the channel's: reminders, digests, alerts."""
    with hall.database.session() as session:
        sun = add_user(session, "sun", "孙纪检", Role.REVIEWER, PASSWORD_HASH, hall.now)
        url = {"url": "http://127.0.0.1:9/"}
        own = Wanted(ChannelKind.WEBHOOK, "own", "en", secret=url, owner=sun.id)
        add_channel(session, "demo", own, hall.vault, ZHOU, NOON)
    hall.route(Route(Target(user=sun.id)))
    hall.receive(*(raised(n / 100, subject=s) for n in range(6) for s in ("w1", "w2")))
    hall.tick()
    hall.tick(minutes=1)
    with hall.database.session() as session:
        post_notice(
            session, "demo", key="case:1:due", to=sun.id, words=due_words,
            path="/cases/1", now=hall.now,
        )  # fmt: skip
    hall.tick()
    chinese = re.compile("[\u4e00-\u9fff]")
    for message in (message for _, message in hall.post.taken):
        assert not chinese.search(told_apart(message.text)), message.text
    reader = Reader(sun.id, Role.REVIEWER, EVERY_HALL)
    for language in LANGUAGES:
        with hall.database.reading() as session:
            shown = to_show(session, reader, 0, Say(language), hall.now)
            texts = [told_apart(f"{s.title}\n{s.body}") for s in shown]
            ids = [n.id for n in hall.notices()]
            titles = titles_in(session, ids, Say(language), hall.now)
        assert len(titles) == len(ids)
        texts += [told_apart(title) for title in titles.values()]
        assert any("7" in text for text in texts)  # the digest is among them
        assert {bool(chinese.search(text)) for text in texts} == {language == "zh"}


def told_apart(text: str) -> str:
    """Without what the hall itself is called."""
    return re.sub("示范政务大厅|[0-9]号窗口|张三|李四|值班群", "", text)


def test_other_parts_are_asked_what_they_have_to_say_once_a_minute(hall: Hall) -> None:
    asked: list[tuple[str, datetime]] = []
    dispatcher = Dispatcher(
        hall.database, hall.vault, hall.post, lambda: hall.now, AtOnce(),
        lambda session, hall_id, now: asked.append((hall_id, now)),
    )  # fmt: skip
    start = hall.now
    for second in range(0, 130, 10):
        hall.now = start + timedelta(seconds=second)
        dispatcher.tick()
    assert asked == [("demo", start + timedelta(minutes=n)) for n in range(3)]


def test_a_test_message_takes_the_real_way_to_a_real_receiver(database: Database) -> None:
    with http_receiver((500, b""), (200, {})) as receiver:
        hall = Hall(database)
        channel = hall.add("接收器", receiver.url)
        with database.session() as session:
            row = session.get_one(ChannelRow, channel)
            send_test(session, row, ZHOU, hall.now)
        real = Dispatcher(database, Vault(), send, lambda: hall.now, AtOnce())
        real.tick()
        assert hall.notices()[0].error == "http: 500"
        hall.now += timedelta(seconds=10)
        real.tick()
        first, second = receiver.got
        assert first.json["title"] == "【测试】大厅守望"
        assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
        assert hall.notices()[0].state is NoticeState.SENT


def test_a_channel_that_hangs_holds_up_no_other(database: Database) -> None:
    with http_receiver((0, b"")) as hanging, http_receiver((200, {})) as good:
        hall = Hall(database)
        slow, quick = hall.add("慢", hanging.url), hall.add("快", good.url)
        hall.route(Route(Target(channel=slow)), Route(Target(channel=quick)))
        hall.receive(raised())
        threads = Dispatcher(database, Vault(), send, lambda: hall.now)
        threads.tick()
        assert _within(5, lambda: len(good.got) == 1 and len(hanging.got) == 1)
        hall.receive(raised(1))
        threads.tick()
        assert _within(5, lambda: len(good.got) == 2)
        assert len(hanging.got) == 1
        hanging.over.set()
        assert _within(5, lambda: not threads._busy)
        threads.close()


def _within(seconds: float, true: Callable[[], bool]) -> bool:
    limit = time.monotonic() + seconds
    while not true() and time.monotonic() < limit:
        time.sleep(0.02)
    return true()
