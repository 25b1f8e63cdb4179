"""One turn being worked on: the case as it changes, and what will be said about it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from dialogs.answers.base import Context
from dialogs.assemble import assemble
from dialogs.case import (
    APPLICANT,
    ASSISTANT,
    Answer,
    Attention,
    Case,
    Change,
    Consent,
    FilingRecord,
)
from dialogs.flow import AGREED, Flow, Ground, Step
from dialogs.journey import EARLY, Journey, basis_of, journey
from dialogs.linking import LinkWish
from dialogs.mending import Mending, mending_of
from dialogs.message import Button, Identity, Inbound, IncomingFile, Reply, ReplyKind
from dialogs.ports import LateAnswer, Question, Receipt, Sought
from dialogs.reminding import StaffTask, Wish
from dialogs.world import World, day_of
from filing.event import Event, EventType, Person, Stage
from filing.materials.checklist import Item
from filing.materials.material import Material, Side, Verdict
from filing.model import Filing
from filing.sms import sms_recipients, sms_window
from filing.stage import StageState, persons_to_verify, stage_of

_UNDO_DEPTH = 20

CROSS_BORDER = "cross_border"
"""Kind of the consent to typing where words leave the country."""

MESSENGER = "messenger"
"""Kind of the consent to typing where words lie with another company in the country."""


@dataclass(frozen=True, slots=True)
class WantedPage:
    """A home page a turn wants to look at: its address, or its source as it was pasted."""

    source: str
    pasted: bool = False


@dataclass(frozen=True, slots=True)
class WantedPicture:
    """A kept picture a turn wants inspected, and what it should show.

    ``slot`` is the key of the paper it was sent for; None where that shows only from the picture.
    ``side`` is what the applicant said it shows of a card.
    """

    file: IncomingFile
    sought: Sought
    slot: str | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a turn changed and what it says, by whom. ``case`` is the case after it."""

    case: Case
    replies: tuple[Reply, ...]
    author: str = ASSISTANT
    delete_inbound: bool = False  # the message held a value that must not stay where it is
    heard: str | None = None
    questions: tuple[Question, ...] = ()
    routes: tuple[str, ...] = ()  # how each question was dealt with
    rating: int | None = None  # of a person's help, 1 to 5
    rating_comment: str | None = None
    late_answers: tuple[LateAnswer, ...] = ()
    tasks: tuple[StaffTask, ...] = ()
    receipt: Receipt | None = None
    wanted_page: WantedPage | None = None
    wanted_pictures: tuple[WantedPicture, ...] = ()
    by_form: bool = False  # those came by the operator's own page
    wish: Wish | None = None  # for the assistant to fulfil before the turn is stored
    link: LinkWish | None = None  # likewise, about channels
    elsewhere: tuple[tuple[Identity, Reply], ...] = ()  # said on the person's other channels
    place_in: int | None = None  # which reply shall say the place in the queue
    waits_anew: bool = False  # the wait it tells of has just begun


@dataclass(slots=True)
class Draft:
    """The working state of one turn; never leaves ``dialogs.turn``."""

    case: Case
    world: World
    now: datetime
    fresh_id: Callable[[], str]
    inbound: Inbound | None = None
    replies: list[Reply] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    rating: int | None = None
    rating_comment: str | None = None
    tasks: list[StaffTask] = field(default_factory=list)
    wanted_page: WantedPage | None = None
    wanted_pictures: tuple[WantedPicture, ...] = ()
    wish: Wish | None = None
    link: LinkWish | None = None
    elsewhere: tuple[tuple[Identity, Reply], ...] = ()
    place_in: int | None = None
    waits_anew: bool = False
    delete_inbound: bool = False
    heard: str | None = None
    opened_before: str | None = None  # key of the question that was open before this turn
    asked_before: str | None = None  # key of the question the applicant has before their eyes
    at_review: bool = False  # whether all was answered, and the sheet shown, before this turn
    ended_before: bool = True  # whether there was no question left before this turn
    greeted: bool = False  # whether this turn began with a welcome
    began_in: str | None = None  # the locale taken from the first sentence, not the phone
    read_back_before: tuple[tuple[str, str], ...] = ()  # values awaiting a yes before this turn
    just_told: bool = False  # whether the turn before this one answered a question
    ask_after: bool = True  # whether the open question is put (again) at the end
    by_staff: bool = False  # whether a person acts: else nothing is said while one is here
    today: date = field(init=False)  # in China
    attention: Attention = field(init=False)  # what the dialogue has in mind; ``case`` gets it last
    _journey: Journey | None = field(init=False, default=None)
    _ground: Ground | None = field(init=False, default=None)
    _stage: StageState | None = field(init=False, default=None)
    _mending: Mending | None = field(init=False, default=None)
    papers_known: tuple[FilingRecord, tuple[Item, ...]] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.today = day_of(self.now)
        self.attention = self.case.attention

    # --- looking -------------------------------------------------------------------------

    @property
    def flow(self) -> Flow:
        """The active filing's flow, or that of a first filing."""
        filing = self.case.filing
        return self.world.flows[filing.flow if filing else self.world.first_flow]

    @property
    def journey(self) -> Journey:
        """Where the active filing stands, worked out once and again after each change."""
        if self._journey is None:
            filing = self.case.filing
            flow = self.flow
            answers = flow.carry_over(filing.answers, filing.flow_version) if filing else ()
            self._journey = journey(flow, answers, self.world.rulebook, self.today)
        return self._journey

    @property
    def open_step(self) -> Step | None:
        """The question now being asked: one gone back to, else the journey's next.

        A consent refused stays open: without it nothing else can be asked.
        """
        if not self.is_open:
            return None
        focus = self.attention.focus
        if focus is not None and focus in self.flow:
            step = self.flow[focus]
            if step.applies(self.ground) and step.key not in self.journey.derived:
                return step
        current = self.journey.current
        if current is not None and current.closes and self.mending.left:
            return self.flow[self.mending.left[0]]
        return current or self.withheld

    @property
    def is_open(self) -> bool:
        """Whether there is a filing that the applicant may now fill in."""
        if self.case.filing is None:
            return False
        stage = self.stage.stage
        return stage.editable and not (stage is Stage.WITHDRAWN and self.attention.paused)

    @property
    def is_handed_in(self) -> bool:
        """Whether there is a filing that others now look at."""
        return self.case.filing is not None and not self.stage.stage.editable

    @property
    def withheld(self) -> Step | None:
        """The consent that was asked for and refused, if one was."""
        values = self.journey.values
        for step in self.journey.asked:
            if step.consent is not None and values[step.key] != AGREED:
                return step
        return None

    def may_hold(self, step: Step) -> bool:
        """Whether every consent that comes before this question has been given."""
        for one in self.flow.steps:
            if one is step:
                return True
            if one.consent is not None and self.journey.values.get(one.key) != AGREED:
                return False
        return False

    @property
    def ground(self) -> Ground:
        """What conditions look at."""
        if self._ground is None:
            self._ground = Ground(self.journey.values, self.world.rulebook, self.today)
        return self._ground

    @property
    def context(self) -> Context:
        """What answers look back on."""
        return Context(self.today, self.journey.values, self.case.locale)

    @property
    def filing(self) -> Filing:
        """The typed filing so far."""
        return assemble(self.flow, self.journey.values)

    @property
    def stage(self) -> StageState:
        """The stage the events say."""
        if self._stage is None:
            filing = self.case.filing
            told = filing.events if filing is not None else ()
            self._stage = self.stage_after(told) if told else StageState()
        return self._stage

    def stage_after(self, told: Iterable[Event]) -> StageState:
        """The stage that these events would say."""
        window = sms_window(self.world.rulebook, self.today)
        return stage_of(told, self.persons, sms_window=window)

    @property
    def mending(self) -> Mending:
        """What a return that is not yet answered asks for; nothing where there is none."""
        if self._mending is None:
            filing, state = self.case.filing, self.stage
            if filing is None or not state.stage.editable or not state.returns:
                self._mending = Mending()
            else:
                self._mending = mending_of(
                    state.returns,
                    state.remedied,
                    self.world.rejections,
                    self.flow,
                    self.journey.values,
                    self.flow.carry_over(filing.answers, filing.flow_version),
                    derived=self.journey.derived,
                )
        return self._mending

    @property
    def persons(self) -> frozenset[Person]:
        """Who has to answer an SMS."""
        values = self.journey.values
        return persons_to_verify(
            self.filing,
            sms_recipients(
                self.world.rulebook, self.today, values.get("filing_kind"), values.get("province")
            ),
        )

    @property
    def is_cautious(self) -> bool:
        """Whether this channel keeps messages where sensitive values must not lie."""
        return self.case.identity.channel in self.world.cautious_channels

    @property
    def typing_consent(self) -> str:
        """The kind of consent under which sensitive values may be typed into this chat."""
        abroad = self.case.identity.channel in self.world.abroad_channels
        return CROSS_BORDER if abroad else MESSENGER

    @property
    def may_type(self) -> bool:
        """Whether sensitive values may be typed into this chat; agreed to on each by itself."""
        if not self.is_cautious:
            return True
        channel, kind = self.case.identity.channel, self.typing_consent
        said = (one for one in reversed(self.case.consents) if one.kind == kind)
        last = next((one for one in said if one.channel == channel), None)
        return last is not None and last.granted

    @property
    def is_outside(self) -> bool:
        """Whether this channel's messages lie with others: no pictures of identity papers there."""
        return self.case.identity.channel in self.world.outside_channels

    def keeps_out(self, step: Step) -> bool:
        """Whether an answer to this step may not be typed here."""
        sensitive = step.ask is not None and step.ask.sensitive
        return sensitive and not self.may_type

    def text(self, key: str, /, **variables: Any) -> str:
        """A sentence in the applicant's language."""
        return self.world.wording.say(key, self.case.locale, **variables)

    def show(self, step: Step, value: str, *, masked: bool = True) -> str:
        """A value as the applicant reads it; sensitive ones masked."""
        if step.ask is None:
            return value
        return step.ask.show(value, masked=masked and step.ask.sensitive, locale=self.case.locale)

    def labels(self, steps: Iterable[str]) -> str:
        """The names of some questions, in the language's own list form."""
        names = (self.text(f"step.{key}.label") for key in steps)
        return self.text("message.comma").join(names)

    def value_line(self, step: Step, value: str) -> str:
        """A value beside the name of its question, masked if it is sensitive."""
        label = self.text(f"step.{step.key}.label")
        return self.text("message.value_line", label=label, value=self.show(step, value))

    # --- saying --------------------------------------------------------------------------

    def say(
        self,
        kind: ReplyKind,
        key: str,
        /,
        *,
        buttons: tuple[Button, ...] = (),
        **variables: Any,
    ) -> None:
        """Add a reply with the wording ``key``."""
        self.replies.append(Reply(kind, self.text(key, **variables), buttons))

    def notice(self, key: str, /, **variables: Any) -> None:
        """Tell something that is neither a question nor an answer."""
        self.say(ReplyKind.NOTICE, key, **variables)

    def button(self, value: str, wording: str, /, **variables: Any) -> Button:
        """A button labelled with the wording ``button.<wording>``."""
        return Button(self.text(f"button.{wording}", **variables), value)

    def edit_button(self, key: str) -> Button:
        """A button that opens one question again."""
        return self.button(f"edit:{key}", "edit_one", label=self.text(f"step.{key}.label"))

    # --- changing ------------------------------------------------------------------------

    def attend(self, **changes: Any) -> None:
        """Change what the dialogue has in mind. Whoever begins to wait does so from now on."""
        attention = self.attention
        if "handover" in changes and changes["handover"] != attention.handover:
            waits = changes["handover"] == "waiting"
            changes["waiting_since"] = self.now if waits else None
        if any(getattr(attention, name) != value for name, value in changes.items()):
            self.attention = replace(attention, **changes)

    def open_filing(self) -> None:
        """Begin a new filing and make it the active one."""
        flow = self.world.flows[self.world.first_flow]
        record = FilingRecord(self.fresh_id(), flow.name, flow.version, self.now)
        self.case = self.case.with_filing(record)
        self.attend(focus=None, proposal=(), aside=(), pending=None, failures=0, undo=(), redo=())
        self.forget_journey()

    def forget_journey(self) -> None:
        """Work out anew what follows from answers and events: they are no longer the same."""
        self._journey = self._ground = self._stage = self._mending = None

    def speak(self, locale: str) -> None:
        """Use another language from now on."""
        self.case = replace(self.case, locale=locale)

    def put(
        self, step: Step, value: str | None, *, remember: bool = True, author: str = APPLICANT
    ) -> None:
        """Record an answer (or its withdrawal) of the active filing."""
        filing = self.case.filing
        if filing is None:
            self.open_filing()
        before = self.journey.values.get(step.key)
        basis = basis_of(step, self.journey.values)
        self._append(Answer(step.key, value, self.now, author, basis))
        if remember and before != value:
            undo = (*self.attention.undo, Change(step.key, before, value))
            self.attend(undo=undo[-_UNDO_DEPTH:], redo=())

    def put_early(self, step: Step, value: str) -> None:
        """Record an answer that cannot be judged yet: what it rests on has not been said."""
        self._append(Answer(step.key, value, self.now, basis=EARLY))

    def _append(self, answer: Answer) -> None:
        filing = self.case.filing
        assert filing is not None
        self.case = self.case.with_filing(replace(filing, answers=(*filing.answers, answer)))
        self.forget_journey()

    def settle(self, key: str) -> None:
        """Forget values kept for a question that has its answer now."""
        keep = [
            tuple(item for item in kept if item[0] != key)
            for kept in (self.attention.proposal, self.attention.aside)
        ]
        self.attend(proposal=keep[0], aside=keep[1])

    def keep(self, *materials: Material) -> None:
        """Record pieces received for the active filing."""
        filing = self.case.filing
        assert filing is not None
        kept = (*filing.materials, *materials)
        self.case = self.case.with_filing(replace(filing, materials=kept))

    def let_go(self, ids: Collection[str]) -> None:
        """Have the contents of pieces of the active filing deleted."""
        filing = self.case.filing
        assert filing is not None
        pieces = tuple(
            replace(one, gone=True) if one.id in ids else one for one in filing.materials
        )
        self.case = self.case.with_filing(replace(filing, materials=pieces))

    def judge(self, *verdicts: Verdict) -> None:
        """Record what was said of pieces of the active filing."""
        filing = self.case.filing
        assert filing is not None
        said = (*filing.verdicts, *verdicts)
        self.case = self.case.with_filing(replace(filing, verdicts=said))

    def consent(self, consent: Consent) -> None:
        """Keep a consent given or refused."""
        self.case = replace(self.case, consents=(*self.case.consents, consent))

    def happen(self, event: Event) -> None:
        """Record an event of the active filing."""
        filing = self.case.filing
        assert filing is not None
        self.events.append(event)
        self.case = self.case.with_filing(replace(filing, events=(*filing.events, event)))
        self._stage = self._mending = None
        sent_back = event.type in (EventType.RETURNED, EventType.WITHDRAWN)
        if sent_back and self.stage.stage in (Stage.RETURNED, Stage.WITHDRAWN):
            confirm = self.flow.steps[-1]
            if confirm.key in self.journey.values:
                self.put(confirm, None, remember=False)

    def result(self) -> TurnResult:
        """The turn as it goes to the store; nothing is said while a person has the conversation."""
        is_silent = self.case.hold is not None and not self.by_staff
        if self.replies and self.attention.advice is self.case.attention.advice and not is_silent:
            self.attention = self.attention.after_saying()
        return TurnResult(
            case=replace(self.case, attention=self.attention, version=self.case.version + 1),
            replies=() if is_silent else tuple(self.replies),
            delete_inbound=self.delete_inbound,
            heard=self.heard,
            questions=tuple(self.questions),
            routes=tuple(self.routes),
            rating=self.rating,
            rating_comment=self.rating_comment,
            tasks=tuple(self.tasks),
            wanted_page=None if is_silent else self.wanted_page,
            wanted_pictures=() if is_silent else self.wanted_pictures,
            wish=None if is_silent else self.wish,
            link=None if is_silent else self.link,
            elsewhere=self.elsewhere,
            place_in=None if is_silent else self.place_in,
            waits_anew=self.waits_anew,
        )
