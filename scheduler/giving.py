"""What is to become of claimed reminders, decided on the case as it stands just before: pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from dialogs.case import Case
from dialogs.due import deadlines_in
from dialogs.message import Identity, Reply, ReplyKind
from dialogs.ports import Given, Outgoing
from dialogs.reminder_words import Item, notice_of, reminder_reply, way_buttons
from dialogs.reminding import HELD, Claimed, Purpose, Reminder, ReminderStatus, Settled, StaffTask
from dialogs.world import World
from filing.deadline import Deadline
from scheduler.ladder import Reach
from scheduler.notices import CHAT_OF
from scheduler.planner import plan, quiet_until, told_by_the_stage
from scheduler.planning import CasePlanner
from scheduler.ports import ADDRESS_CHANNELS

_S: Final = ReminderStatus

NONE: Final[Mapping[str, int]] = MappingProxyType({})

TRIES: Final = 6
"""Claims of a reminder that end in a fault of ours before staff have to look at it."""

_LATE: Final = timedelta(hours=1)
_LOOK_AGAIN: Final = timedelta(hours=1)
_JUST_HERE: Final = timedelta(minutes=5)
"""Somebody who wrote so shortly ago on a page is still looking at it."""


@dataclass(slots=True)
class Giver:
    """Decides on the reminders claimed for one person."""

    world: World
    reach: Reach
    new_id: Callable[[], str]
    planner: CasePlanner = field(init=False)

    def __post_init__(self) -> None:
        self.planner = CasePlanner(self.world)

    def decide(
        self,
        case: Case,
        claimed: Sequence[Claimed],
        now: datetime,
        consents: Mapping[str, int] = NONE,
    ) -> Given:
        """Messages, outcomes and tasks for everything claimed of one person.

        ``consents`` counts those to notices that the person still has, by what they are called.
        """
        work = _Decision(self, case, now, consents)
        by_filing: dict[str, list[Claimed]] = {}
        for one in claimed:
            by_filing.setdefault(one.reminder.filing_id, []).append(one)
        for filing_id, ones in by_filing.items():
            work.of_filing(filing_id, ones)
        work.send()
        return Given(tuple(work.outgoing), tuple(work.settled), tuple(work.tasks), work.plans)


@dataclass(slots=True)
class _Decision:
    giver: Giver
    case: Case
    now: datetime
    consents: Mapping[str, int] = field(default_factory=dict)
    outgoing: list[Outgoing] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    tasks: list[StaffTask] = field(default_factory=list)
    plans: dict[str, tuple[Reminder, ...]] = field(default_factory=dict)
    to_send: dict[Identity | None, list[tuple[Claimed, Deadline]]] = field(default_factory=dict)

    def of_filing(self, filing_id: str, claimed: Iterable[Claimed]) -> None:
        """Settle what needs no message, and put the rest in line for its way."""
        filing = self.case.filings.get(filing_id)
        if filing is None:
            for one in claimed:
                self.settle(one, _S.CANCELLED, "no_filing")
            return
        found = deadlines_in(self.case, self.now, self.giver.world, record=filing)
        wanted: tuple[Reminder, ...] = ()
        if not self.case.is_at_rest:
            wanted = plan(filing.id, found, filing.events, self.case.attention.quiet)
        self.plans[filing_id] = wanted
        known = {one.key for one in wanted}
        deadlines = {one.id: one for one in found}
        latest = _latest(claimed, known)
        for one in claimed:
            deadline = deadlines.get(one.reminder.deadline)
            if one.reminder.purpose is Purpose.REACH and one.reminder.key in known:
                self.look_ahead(one)
            elif one.reminder.key not in known or deadline is None:
                self.settle(one, _S.CANCELLED, "settled")
            elif one.attempt > TRIES and not one.tried:
                self.give_up(one, "fault")
            elif one.reminder.purpose.is_for_staff:
                self.alarm(one, wanted)
            elif latest[one.reminder.deadline] is not one:
                self.settle(one, _S.PASSED_OVER, "merged")
            elif (until := self.held_until(deadline)) is not None:
                self.settle(one, _S.PLANNED, HELD, again_at=until)
            elif (until := self.asleep_until(deadline)) is not None:
                self.settle(one, _S.PLANNED, "quiet", again_at=until)
            elif self.is_told_already(one, deadline):
                self.settle(one, _S.PASSED_OVER, "told")
            else:
                way = self.giver.reach.next_way(one.ways, one.tried)
                self.to_send.setdefault(way, []).append((one, deadline))

    def is_told_already(self, one: Claimed, deadline: Deadline) -> bool:
        """Whether the news of the stage, moments ago, said the same in the same chat."""
        at = one.reminder.at
        if one.tried or self.now - at > _JUST_HERE or not told_by_the_stage(deadline, at):
            return False
        way = self.giver.reach.next_way(one.ways)
        return self.is_here() if way is None else way.channel not in ADDRESS_CHANNELS

    def is_here(self) -> bool:
        """Whether the person wrote so shortly ago that they are still looking."""
        looks = self.case.attention.seen_at
        return looks is not None and self.now - looks <= _JUST_HERE

    def is_late(self, reminder: Reminder) -> bool:
        """Whether we are behind; not where the person has told since then what it runs from."""
        seen = self.case.attention.seen_at
        return self.now - reminder.at > _LATE and (seen is None or seen < reminder.at)

    def asleep_until(self, deadline: Deadline) -> datetime | None:
        """The end of the person's quiet hours, if they are on and the deadline can wait."""
        return quiet_until(self.now, deadline.due_at, self.case.attention.quiet)

    def held_until(self, deadline: Deadline | None = None) -> datetime | None:
        """When to look again at what has to wait because a person has the conversation.

        None where nobody has it, or the deadline is too near for that. Whoever leaves the
        conversation makes what waits due at once; to look again by oneself is only a safeguard.
        """
        if self.case.hold is None:
            return None
        again = self.now + _LOOK_AGAIN
        urgent_from = deadline.urgent_from if deadline is not None else None
        if urgent_from is None:
            return again
        return None if urgent_from <= self.now else min(again, urgent_from)

    def alarm(self, one: Claimed, wanted: Sequence[Reminder]) -> None:
        """Tell staff, unless the applicant has answered meanwhile."""
        reminder = one.reminder
        if reminder.purpose is Purpose.UNANSWERED:
            last = max(
                (
                    other.at
                    for other in wanted
                    if other.deadline == reminder.deadline and not other.purpose.is_for_staff
                ),
                default=reminder.at,
            )
            seen = self.case.attention.seen_at
            if seen is not None and seen > last:
                self.settle(one, _S.CANCELLED, "answered")
                return
        self.task(reminder, reminder.purpose.value)
        self.settle(one, _S.SENT, "staff")

    def look_ahead(self, one: Claimed) -> None:
        """Ask for a way that will still work in weeks, if there is none, and tell staff."""
        reach = self.giver.reach
        if reach.will_reach(one.ways, self.consents):
            self.settle(one, _S.SENT, "reachable")
            return
        if (until := self.held_until()) is not None:
            self.settle(one, _S.PLANNED, HELD, again_at=until)
            return
        if self.asleep_until_morning() is not None:
            self.settle(one, _S.PLANNED, "quiet", again_at=self.asleep_until_morning())
            return
        if reach.pushing & ADDRESS_CHANNELS:  # else there is nothing to ask for: people call
            self.ask_for_a_way(one)
        self.task(one.reminder, "unreachable")
        self.settle(one, _S.SENT, "asked")

    def ask_for_a_way(self, one: Claimed) -> None:
        """Say it where the person is: on pages they come back to, else in the chat used last."""
        reply = self.wanted_way(one.ways)
        if self.show([one], reply):
            return
        way = self.giver.reach.next_way(one.ways)
        if way is not None and way.channel not in ADDRESS_CHANNELS:
            self.outgoing.append(Outgoing(self.giver.new_id(), way, reply))

    def wanted_way(self, ways: Iterable[Identity]) -> Reply:
        """Asks for a way on which this deployment can send."""
        say, locale = self.giver.world.wording.say, self.case.locale
        rings, channels = self.giver.reach.rings, {one.channel for one in ways}
        offers = rings.offers(channels)
        text = say("reminder.reach", locale, offers=say("reminder.offers", locale, **offers))
        buttons = way_buttons(rings, channels, locale, self.giver.world)
        return Reply(ReplyKind.REMINDER, text, buttons)

    def asleep_until_morning(self) -> datetime | None:
        """The end of the quiet hours for what can wait."""
        return quiet_until(self.now, datetime.max.replace(tzinfo=UTC), self.case.attention.quiet)

    def send(self) -> None:
        """One message for each way, whatever is due on it."""
        for way, ones in self.to_send.items():
            items = [Item(claimed.reminder, deadline) for claimed, deadline in ones]
            late = any(self.is_late(item.reminder) for item in items)
            reply = self.marked(
                reminder_reply(self.case, items, self.now, self.giver.world, late=late)
            )
            urgent = any(self.is_urgent(item.deadline) for item in items)
            fresh = [claimed for claimed, _ in ones if not claimed.tried]
            if way is not None and way.channel not in ADDRESS_CHANNELS:
                # Pages show what is said in a chat too: no copy of their own.
                self.send_to(way, [claimed for claimed, _ in ones], reply, urgent=urgent)
                continue
            shown = self.show(fresh, reply, urgent=urgent)
            if way is not None:
                if way.channel in CHAT_OF:
                    notice = notice_of(self.case, items, self.now, self.giver.world)
                    reply = replace(reply, notice=notice)
                self.send_to(way, [claimed for claimed, _ in ones], reply, urgent=urgent)
                continue
            for claimed, _ in ones:
                if shown and self.is_here() and not claimed.tried:
                    self.settle(claimed, _S.SENT, "shown", shown[0])
                else:
                    self.give_up(claimed, "unreachable")

    def is_urgent(self, deadline: Deadline) -> bool:
        """Whether a reminder of it goes out even while a person has the conversation."""
        return deadline.urgent_from is not None and deadline.urgent_from <= self.now

    def marked(self, reply: Reply) -> Reply:
        """The reminder; where a colleague has the conversation it says whom it comes from."""
        hold = self.case.hold
        if hold is None:
            return reply
        said = self.giver.world.wording.say
        mark = said("reminder.beside_staff", self.case.locale, name=hold.name)
        return replace(reply, text=f"{reply.text}\n\n{mark}")

    def show(
        self, fresh: Sequence[Claimed], reply: Reply, *, urgent: bool = False
    ) -> tuple[Identity, ...]:
        """Leave a copy where the person may find it."""
        ways = self.giver.reach.shown_on(fresh[0].ways) if fresh else ()
        self.outgoing += [Outgoing(self.giver.new_id(), way, reply, urgent=urgent) for way in ways]
        return ways

    def send_to(
        self, way: Identity, claimed: Sequence[Claimed], reply: Reply, *, urgent: bool
    ) -> None:
        """Put the message into the outbox of a way."""
        out = Outgoing(self.giver.new_id(), way, reply, urgent=urgent)
        self.outgoing.append(out)
        attended = way.channel in self.giver.reach.attended
        for one in claimed:
            status = _S.SENT if attended else _S.HANDED
            self.settled.append(Settled(one.reminder.key, one.fence, status, way, out.id))

    def give_up(self, one: Claimed, why: str) -> None:
        """Nobody was reached: people have to."""
        self.task(one.reminder, why)
        self.settle(one, _S.FAILED, why)

    def task(self, reminder: Reminder, kind: str) -> None:
        """One task for each deadline and reason, however often it comes up."""
        self.tasks.append(
            StaffTask(
                f"{reminder.filing_id}/{reminder.deadline}/{kind}",
                reminder.filing_id,
                kind,
                reminder.deadline,
                self.now,
            )
        )

    def settle(
        self,
        one: Claimed,
        status: ReminderStatus,
        reason: str,
        way: Identity | None = None,
        again_at: datetime | None = None,
    ) -> None:
        """Note what became of a reminder without a message of its own."""
        self.settled.append(
            Settled(one.reminder.key, one.fence, status, way, None, reason, again_at)
        )


def _latest(claimed: Iterable[Claimed], known: set[str]) -> Mapping[str, Claimed]:
    """The last reminder of each deadline among those still wanted."""
    found: dict[str, Claimed] = {}
    for one in claimed:
        if one.reminder.key in known and not one.reminder.purpose.is_for_staff:
            held = found.get(one.reminder.deadline)
            if held is None or one.reminder.at > held.reminder.at:
                found[one.reminder.deadline] = one
    return found
