"""The assistant: one message of one applicant, from channel to committed turn."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dialogs.answers.files import Upload
from dialogs.case import Case
from dialogs.discarding import belongs_nowhere, taken_back
from dialogs.granting import with_form
from dialogs.holding import Refusal
from dialogs.linking import Linked, Linking, LinkWish
from dialogs.looking import Looks
from dialogs.message import Identity, Inbound, IncomingFile, Reply
from dialogs.mishaps import apology, letter_of, masked
from dialogs.ordering import Queues
from dialogs.ports import (
    AddressBook,
    CaseStore,
    DeadLetters,
    Due,
    DuplicateCall,
    DuplicateInbound,
    FormGrant,
    Given,
    Inspection,
    Inspector,
    LateAnswer,
    LostClaim,
    NewerCase,
    Outgoing,
    PageRefused,
    Planner,
    Receipt,
    StaleCase,
    StoredQuestion,
    TurnRecord,
    WaitingLine,
)
from dialogs.reminding import Fulfilment, Reminder, Wish
from dialogs.standing import standing
from dialogs.turn import (
    TurnResult,
    expects_picture,
    hand_in_pictures,
    page_to_recheck,
    recheck,
    say_looking,
    take_event,
    take_form,
    take_late_answer,
    take_link,
    take_page,
    take_pictures,
    take_place,
    take_record,
    take_turn,
    take_wish,
    tell_link,
    tell_page,
    wanted_record,
)
from dialogs.turn.draft import Draft, WantedPage, WantedPicture
from dialogs.world import World
from filing.event import Event
from filing.finding import Level
from filing.invalid import Invalid
from filing.materials.material import PictureFinding
from filing.materials.picture_code import PictureCode
from filing.page import Page
from filing.record import AskApplicant, RecordLookup

_log = logging.getLogger(__name__)

Courier = Callable[[Identity, Sequence[Due]], None]
"""Takes messages to one person, in order, to deliver them under their claims."""

RECORDS_WITHIN = timedelta(seconds=3)
"""How long a query of filing records may keep the applicant waiting."""

_TRIES = 8


@dataclass(frozen=True, slots=True)
class Handled:
    """A committed turn: what is to be delivered, and the case after it."""

    outgoing: tuple[Outgoing, ...]
    case: Case

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Only what is said, in order."""
        return tuple(one.reply for one in self.outgoing if one.reply is not None)


@dataclass(slots=True)
class Assistant:
    """Takes turns: loads the case, computes, commits once, then hands the replies back.

    A message is done when :meth:`handle` returns: only then may a channel confirm it to its
    platform. Messages of one identity are taken in the order they came; those of different
    ones run side by side. ``form_url`` turns a form's token into its public address.

    ``listeners`` hear of whom something was said to, ``summoners`` of a case whose applicant
    asks for a person. ``couriers`` deliver in this process, one
    for a channel: each gets what is already claimed for it, or nothing when it shall look into
    the outbox. ``records`` answers what has been filed already where a provider can query it;
    by default the applicant does. ``planner`` says which reminders a turn leaves; without one
    there are none. ``looks`` at home pages are offered where it has a fetcher. ``addresses`` keeps
    where else somebody wants to be reminded, ``links`` joins their channels. ``line`` knows who
    waits for a person. ``inspector`` looks at pictures of papers; without one staff do, and nobody
    else. ``discard`` deletes kept files that turn out to belong nowhere.
    """

    world: World
    cases: CaseStore
    dead_letters: DeadLetters
    clock: Callable[[], datetime]
    form_url: Callable[[str], str] | None = None
    listeners: list[Callable[[Identity], None]] = field(default_factory=list)
    summoners: list[Callable[[Case], None]] = field(default_factory=list)
    couriers: dict[str, Courier] = field(default_factory=dict)
    records: RecordLookup = field(default_factory=AskApplicant)
    planner: Planner | None = None
    looks: Looks = field(default_factory=Looks)
    addresses: AddressBook | None = None
    links: Linking | None = None
    line: WaitingLine | None = None
    inspector: Inspector | None = None
    discard: Callable[[Sequence[str]], Awaitable[object]] | None = None
    _queues: Queues = field(default_factory=Queues)
    _deciding: asyncio.Lock = field(default_factory=asyncio.Lock)  # one between two loop turns

    async def handle(self, inbound: Inbound) -> Handled:
        """Take one message.

        A message handled before (same id) has no further effect and returns the recorded
        replies. A turn that raises is put aside as a dead letter and answered with an
        apology. Raises only what the store raises when it cannot be reached.
        """

        def compute(case: Case) -> TurnResult:
            return take_turn(case, inbound, self.clock(), self.world, _filing_id)

        async with self._queues.turn_of(inbound.identity):
            try:
                return await self._commit(inbound.identity, compute, inbound)
            except DuplicateInbound:
                recorded = await self.cases.recorded(inbound.identity, inbound.message_id)
                case = await self.cases.open(inbound.identity, self.clock(), _locale(inbound))
                await self._discard(case, inbound.files)
                return Handled(recorded, case)

    async def record(self, identity: Identity, event: Event) -> Handled:
        """Record an event of the identity's active filing and tell the applicant."""

        def compute(case: Case) -> TurnResult:
            return take_event(case, event, self.clock(), self.world)

        async with self._queues.turn_of(identity):
            return await self._commit(identity, compute, None)

    async def give(
        self, identity: Identity, decide: Callable[[Case], Given]
    ) -> tuple[Case, Given] | None:
        """Settle claimed reminders with what ``decide`` says of the case as it now stands.

        The messages and what became of the reminders are stored together. None if the claim was
        lost meanwhile: then somebody else gives them, or nobody has to.
        """
        async with self._queues.turn_of(identity):
            for _ in range(_TRIES):
                before = await self._open(identity, "zh-CN")
                async with self._deciding:  # a few milliseconds of work for each person
                    await asyncio.sleep(0)
                    given = decide(before)
                attention = before.attention
                if given.outgoing:
                    attention = attention.after_saying()
                after = replace(before, version=before.version + 1, attention=attention)
                record = TurnRecord(
                    before,
                    after,
                    None,
                    given.outgoing,
                    at=self.clock(),
                    reminders=given.reminders,
                    settled=given.settled,
                    tasks=given.tasks,
                )
                try:
                    await self.cases.commit(record)
                except StaleCase:
                    continue
                except LostClaim:
                    return None
                ways = {one.identity for one in given.outgoing}
                for way in ways:
                    if (courier := self.couriers.get(way.channel)) is not None:
                        courier(way, ())
                for heard in ways.union(after.everywhere if ways else ()):
                    for listener in self.listeners:
                        listener(heard)
                return after, given
        raise StaleCase(f"the case kept changing under {_TRIES} tries; is another process busy?")

    async def connect(self, code: str, chat: str) -> bool:
        """Let a chat opened by somebody's link be reminded; False for a wrong or old code.

        The person is told, and their consent kept, where they asked for the link.
        """
        whose = await self.addresses.link(code, chat) if self.addresses is not None else None
        if whose is None:
            return False

        def compute(case: Case) -> TurnResult:
            silent = TurnResult(replace(case, version=case.version + 1), ())
            return take_wish(silent, Fulfilment("linked"), self.clock(), self.world)

        async with self._queues.turn_of(whose):
            await self._commit(whose, compute, None)
        return True

    async def record_call(
        self,
        identity: Identity,
        filing_id: str,
        event: Event,
        key: str,
        answer: Callable[[Case], str],
    ) -> str:
        """Record an event that another program tells of any filing; what it is answered.

        The answer is worked out from the case as it then is, and kept under ``key`` in the same
        transaction. Raises DuplicateCall if a call of that key was answered before, NotNow if
        the filing is gone, LookupError if the turn failed and was put aside.
        """
        said: str | None = None

        def compute(case: Case) -> TurnResult:
            nonlocal said
            if filing_id not in case.filings:
                raise NotNow
            said = None
            result = take_event(case, event, self.clock(), self.world, filing_id)
            said = answer(result.case)
            return replace(result, receipt=Receipt(key, said))

        async with self._queues.turn_of(identity):
            await self._commit(identity, compute, None)
        if said is None:
            raise LookupError(f"the call {key} could not be carried out")
        return said

    async def recheck_footer(self, identity: Identity, filing_id: str) -> bool:
        """Look at a filed website's home page again, unasked; whether there was news to tell.

        A page that cannot be had is no news: the website may not be open yet, or down for once.
        """
        case = await self.case(identity)
        if filing_id not in case.filings or case.is_left_alone:
            return False
        wanted = page_to_recheck(case, filing_id, self.clock(), self.world)
        page = await self.looks.at(wanted) if wanted is not None else None
        if page is None or isinstance(page, PageRefused):
            return False

        def compute(case: Case) -> TurnResult:
            if filing_id not in case.filings or case.is_left_alone:
                raise NotNow
            found = recheck(case, filing_id, page, self.clock(), self.world)
            if found is None:
                raise NotNow
            return found

        async with self._queues.turn_of(identity):
            try:
                await self._commit(identity, compute, None)
            except NotNow:
                return False
        return True

    async def fill_form(
        self, identity: Identity, values: Mapping[str, str], form: str | None = None
    ) -> Mapping[str, Invalid]:
        """Count a secure form's answers; what is wrong by step key, or nothing if all counted.

        ``form``, the hash of its token, is used up with them. Raises SpentForm if it was before.
        """
        wrong: Mapping[str, Invalid] = {}

        def compute(case: Case) -> TurnResult:
            nonlocal wrong
            result, wrong = take_form(case, values, self.clock(), self.world)
            if wrong:
                raise _FormRefused
            return result

        async with self._queues.turn_of(identity):
            try:
                await self._commit(identity, compute, None, form=form)
            except _FormRefused:
                return wrong
        return {}

    async def answer_late(
        self, identity: Identity, version: int, asked: Sequence[StoredQuestion], article: str
    ) -> None:
        """Tell an article as the answer to questions asked earlier, and mark them answered.

        ``version`` is that of the case at which the questions were seen unanswered. Raises
        NotNow if the case has moved on, is gone, or is held by a person.
        """
        last = asked[-1]

        def compute(case: Case) -> TurnResult:
            if case.version != version or not version or case.is_left_alone:
                raise NotNow
            result = take_late_answer(case, last.question, article, self.clock(), self.world)
            if result is None:
                raise LookupError(f"there is no article {article!r}")
            late = tuple(LateAnswer(one.number, article) for one in asked)
            return replace(result, late_answers=late)

        async with self._queues.turn_of(identity):
            await self._commit(identity, compute, None)

    async def hand_in_pictures(
        self,
        identity: Identity,
        slot: str,
        files: Sequence[IncomingFile],
        form: str | None = None,
    ) -> Handled:
        """Take pictures sent for one paper (``Slot.key``) through the operator's own page.

        ``form`` is as for :meth:`fill_form`.
        """

        def compute(case: Case) -> TurnResult:
            return hand_in_pictures(case, slot, files, self.clock(), self.world)

        async with self._queues.turn_of(identity):
            return await self._commit(identity, compute, None, form=form)

    async def act(self, identity: Identity, compute: Callable[[Case], TurnResult]) -> Handled:
        """Commit an act of staff (``dialogs.turn.staff``) like any turn.

        What ``compute`` raises is raised, and nothing is stored.
        """
        async with self._queues.turn_of(identity):
            return await self._commit(identity, compute, None, is_act=True)

    def tell(self, identities: Iterable[Identity]) -> None:
        """Let listeners know of people in whose conversation something changed."""
        for one in identities:
            for listener in self.listeners:
                listener(one)

    @property
    def in_hand(self) -> int:
        """For how many people something is being done just now."""
        return len(self._queues)

    async def case(self, identity: Identity, locale: str = "zh-CN") -> Case:
        """The identity's case as it stands, as far as this process has heard."""
        return await self.cases.open(identity, self.clock(), locale)

    async def case_anew(self, identity: Identity, locale: str = "zh-CN") -> Case:
        """The identity's case as it is stored: for what is done without a commit that checks it."""
        self.cases.evict(identity)
        return await self.cases.open(identity, self.clock(), locale)

    async def expects_file(self, identity: Identity) -> bool:
        """Whether a file is wanted; if not, a channel must not keep one.

        It is where papers are being collected and may come this way, where the open question asks
        for one, and where a person has the conversation.
        """
        # Another process may have asked for it a moment ago.
        return self._wants_file(await self.case(identity)) or self._wants_file(
            await self.case_anew(identity)
        )

    def _wants_file(self, case: Case) -> bool:
        if case.hold is not None:
            return True
        if expects_picture(Draft(case, self.world, self.clock(), _filing_id)):
            return True
        asking = standing(case, self.clock(), self.world).asking
        if case.filing is None or asking is None:
            return False
        return isinstance(self.world.flows[case.filing.flow][asking].ask, Upload)

    async def _open(self, identity: Identity, locale: str) -> Case:
        """The case to take a turn on. Raises ``NewerCase`` for flows of a later version."""
        case = await self.cases.open(identity, self.clock(), locale)
        for filing in case.filings.values():
            flow = self.world.flows.get(filing.flow)
            if flow is None or flow.version < filing.flow_version:
                raise NewerCase(f"filing {filing.id} (flow {filing.flow} {filing.flow_version})")
        return case

    async def _commit(
        self,
        identity: Identity,
        compute: Callable[[Case], TurnResult],
        inbound: Inbound | None,
        *,
        is_act: bool = False,
        form: str | None = None,
    ) -> Handled:
        """Take the turn, store it and hand on what it says.

        What refuses may rest on a case kept in memory that another process has changed: it counts
        only of the case read anew.
        """
        try:
            return await self._take(identity, compute, inbound, is_act=is_act, form=form)
        except (Refusal, NotNow, _FormRefused):
            self.cases.evict(identity)
            return await self._take(identity, compute, inbound, is_act=is_act, form=form)

    async def _take(
        self,
        identity: Identity,
        compute: Callable[[Case], TurnResult],
        inbound: Inbound | None,
        *,
        is_act: bool,
        form: str | None,
    ) -> Handled:
        seen: dict[WantedPage, Page | PageRefused] = {}  # looked at once, however often tried
        inspected: dict[WantedPicture, Inspection] = {}
        fulfilled: dict[Wish, Fulfilment] = {}
        linked: dict[LinkWish, Linked] = {}
        for _ in range(_TRIES):
            before = await self._open(identity, _locale(inbound))
            fills = form
            try:
                result = await self._with_records(before, compute(before))
                result = await self._with_page(result, seen)
                result = await self._with_inspections(result, inspected)
                result = await self._with_wish(before, result, fulfilled)
                result = await self._with_link(before, result, linked)
                result = await self._with_place(result)
            except (_FormRefused, NotNow):
                raise
            except Exception as error:  # a turn must never stop a channel
                if is_act:  # whoever acts sees for themselves that it failed
                    raise
                await self.dead_letters.put(letter_of(before, inbound, error, self.clock()))
                result = apology(before, inbound, self.world)
                fills = None  # what was sent by it did not count
            record = replace(self._record(before, result, inbound), form=fills)
            try:
                claimed = await self.cases.commit(record)
            except StaleCase:
                continue
            courier = self.couriers.get(identity.channel)
            if courier is not None and record.outgoing:
                courier(identity, claimed)
            for way in {one.identity for one in record.outgoing} - {identity}:
                if (other := self.couriers.get(way.channel)) is not None:
                    other(way, ())
            self.tell(record.after.everywhere)
            if before.attention.handover is None and record.after.attention.handover:
                for summon in self.summoners:
                    summon(record.after)
            came = inbound.files if inbound is not None else ()
            await self._discard(record.after, (*came, *before.attention.loose))
            if self.discard is not None and (gone := taken_back(before, record.after)):
                await self._destroy(gone)
            if result.wanted_page is not None and record.after.active is not None:
                self._look_beside(identity, record.after.active, result.wanted_page)
            return Handled(record.outgoing, record.after)
        raise StaleCase(f"the case kept changing under {_TRIES} tries; is another process busy?")

    async def _discard(self, case: Case, files: Iterable[IncomingFile]) -> None:
        """Have kept files deleted that the case has no use for. A fault there costs nobody a turn:
        what stays is deleted when its time is over."""
        gone = belongs_nowhere(case, files) if self.discard is not None else ()
        if gone:
            await self._destroy(gone)

    async def _destroy(self, gone: Sequence[str]) -> None:
        if self.discard is None:
            return
        try:
            await self.discard(gone)
        except Exception as error:
            _log.error("files turned away could not be deleted: %s", type(error).__name__)

    async def _with_records(self, before: Case, result: TurnResult) -> TurnResult:
        """The turn with a question about records answered by a query, if that is to be had."""
        wanted = wanted_record(before, result, self.clock(), self.world)
        if wanted is None:
            return result
        try:
            async with asyncio.timeout(RECORDS_WITHIN.total_seconds()):
                status = await self.records.look_up(wanted.certificate, wanted.domain)
        except Exception as error:  # the applicant can always be asked
            _log.warning("record look-up failed: %s", type(error).__name__)
            return result
        if status is None:
            return result
        return take_record(result, status, self.clock(), self.world)

    async def _with_page(
        self, result: TurnResult, seen: dict[WantedPage, Page | PageRefused]
    ) -> TurnResult:
        """The turn with what came of looking at the page it wanted, or word that we look."""
        wanted = result.wanted_page
        if wanted is None:
            return result
        if self.looks.beside:
            return say_looking(result, self.clock(), self.world)
        if wanted not in seen:
            seen[wanted] = await self.looks.at(wanted)
        return take_page(result, seen[wanted], self.clock(), self.world)

    async def _with_inspections(
        self, result: TurnResult, inspected: dict[WantedPicture, Inspection]
    ) -> TurnResult:
        """The turn with what was found on the pictures it wanted inspected, all at once."""
        if not result.wanted_pictures:
            return result
        new = [one for one in result.wanted_pictures if one not in inspected]
        found = await asyncio.gather(*(self._inspect(one) for one in new))
        inspected.update(zip(new, found, strict=True))
        return take_pictures(result, inspected, self.clock(), self.world)

    async def _inspect(self, wanted: WantedPicture) -> Inspection:
        if self.inspector is None:
            return Inspection(0, 0)
        try:
            return await self.inspector.inspect(wanted.file.file_id, wanted.sought)
        except Exception as error:  # what cannot be looked at is for staff to look at
            _log.error("a picture could not be inspected: %s", type(error).__name__)
            return Inspection(0, 0, (PictureFinding(PictureCode.UNCHECKED, Level.WARN),))

    def _look_beside(self, identity: Identity, filing_id: str, wanted: WantedPage) -> None:
        """Look at a page now that its turn is stored, and tell what was seen in another."""

        async def tell(page: Page | PageRefused) -> None:
            def compute(case: Case) -> TurnResult:
                if filing_id not in case.filings or case.is_left_alone:
                    raise NotNow
                return tell_page(case, filing_id, wanted, page, self.clock(), self.world)

            async with self._queues.turn_of(identity):
                with suppress(NotNow):
                    await self._commit(identity, compute, None)

        self.looks.later(identity, wanted, tell)

    async def _with_wish(
        self, before: Case, result: TurnResult, fulfilled: dict[Wish, Fulfilment]
    ) -> TurnResult:
        """The turn with what came of a wish about reminders, fulfilled once."""
        wish = result.wish
        if wish is None:
            return result
        if wish not in fulfilled:
            fulfilled[wish] = Fulfilment("no_service")
            if self.addresses is not None:
                fulfilled[wish] = await self.addresses.fulfil(
                    before.identity, wish, result.case.locale
                )
        return take_wish(replace(result, wish=None), fulfilled[wish], self.clock(), self.world)

    async def _with_link(
        self, before: Case, result: TurnResult, linked: dict[LinkWish, Linked]
    ) -> TurnResult:
        """The turn with what came of a wish about channels, carried out once.

        Where somebody else has to hear of it they do, before this turn is stored: should it not
        be, it is taken again and finds everything done.
        """
        wish = result.link
        if wish is None:
            return result
        if wish not in linked:
            done = Linked("no_service")
            if self.links is not None:
                done = await self.links.fulfil(before, wish)
            linked[wish] = done
            if done.other is not None:
                await self._tell_other(done.other, done)
            # Other lines may be theirs by now, whatever was said.
            self.tell(one for one in (done.other, done.user) if one is not None)
        return take_link(replace(result, link=None), linked[wish], self.clock(), self.world)

    async def _tell_other(self, other: Identity, done: Linked) -> None:
        receipt = Receipt(f"link:{done.id}:{done.how}", "{}") if done.id else None

        def compute(case: Case) -> TurnResult:
            if not case.version:  # erased, or parted from meanwhile
                raise NotNow
            told = tell_link(case, done, self.clock(), self.world)
            return replace(told, receipt=receipt)

        # Not in that person's queue: whoever tells holds their own, and two might tell each other.
        with suppress(NotNow, DuplicateCall):
            await self._commit(other, compute, None)

    async def _with_place(self, result: TurnResult) -> TurnResult:
        """The turn with the place in the queue, where it tells of the queue and that is known."""
        since = result.case.attention.waiting_since
        if result.place_in is None or since is None or self.line is None:
            return result
        try:
            ahead = await self.line.ahead(since)
        except Exception as error:  # better told without than not at all
            _log.warning("no place in the queue: %s", type(error).__name__)
            return result
        return take_place(result, ahead, self.clock(), self.world)

    def _record(self, before: Case, result: TurnResult, inbound: Inbound | None) -> TurnRecord:
        identity = before.identity
        now = self.clock()
        grants: list[FormGrant] = []
        outgoing: list[Outgoing] = []
        recalls = identity.channel in self.world.recalling_channels
        if result.delete_inbound and inbound is not None and recalls:
            outgoing.append(Outgoing(secrets.token_urlsafe(9), identity, delete=inbound.message_id))
        for reply in result.replies:
            said = reply
            if self.form_url is not None and (
                granted := with_form(reply, result.case, self.form_url, now, self.world)
            ):
                said, grant = granted
                grants.append(grant)
            outgoing.append(
                Outgoing(secrets.token_urlsafe(9), identity, said, author=result.author)
            )
        outgoing += (
            Outgoing(secrets.token_urlsafe(9), whom, said) for whom, said in result.elsewhere
        )
        return TurnRecord(
            before=before,
            after=result.case,
            inbound=inbound,
            outgoing=tuple(outgoing),
            forms=tuple(grants),
            heard=result.heard,
            at=now,
            hand_over=identity.channel in self.couriers and not result.elsewhere,
            questions=result.questions,
            routes=result.routes,
            rating=result.rating,
            rating_comment=result.rating_comment,
            late_answers=result.late_answers,
            tasks=result.tasks,
            reminders=self._planned(before, result.case, now),
            receipt=result.receipt,
        )

    def _planned(
        self, before: Case, after: Case, now: datetime
    ) -> Mapping[str, tuple[Reminder, ...]]:
        """The reminders after a turn. A fault there must not lose the turn: the sweep repairs."""
        if self.planner is None:
            return {}
        try:
            return self.planner(before, after, now)
        except Exception as error:
            _log.error("reminders cannot be planned: %s", masked(error))
            return {}


class NotNow(Exception):
    """Something not asked for cannot be said to this person as things stand."""


class _FormRefused(Exception):
    """A form's values are wrong: nothing is to be committed."""


def _locale(inbound: Inbound | None) -> str:
    return inbound.locale if inbound is not None and inbound.locale else "zh-CN"


def _filing_id() -> str:
    return secrets.token_hex(10)  # 80 bits: cannot be guessed
