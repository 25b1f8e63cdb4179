"""All that is stored about one conversation, as the turn sees it: answers, events, attention."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogs.message import Identity, IncomingFile
from filing.event import Event
from filing.materials.material import Material, Verdict

APPLICANT = "applicant"
"""Author of an answer given by the applicant; staff sign as ``agent:<name>``."""

ASSISTANT = "assistant"
"""Author of what this program says."""

_AGENT = "agent:"

RECORD_LOOKUP = "record_lookup"
"""Author of an answer that an operator's query of filing records gave."""

RETENTION = "retention"
"""Author of what is written down when answers are blanked: their time was over."""

MIGRATION = "migration"
"""Author of a default given to a conversation that began with an earlier flow."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it was given. Answers are only ever appended; the last one counts.

    ``value`` is the normalised string, ``None`` when the applicant took it back. ``basis``
    is the fingerprint of the answers it rested on (see ``dialogs.journey.basis_of``). A value
    of staff becomes an answer only by the applicant's yes (``dialogs.turn.advising``): ``at``
    is the moment of that yes. Of a value blanked since, only that it was given is known.
    """

    step: str
    value: str | None
    at: datetime
    author: str = APPLICANT
    basis: str = ""
    blanked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FilingRecord:
    """One filing of an applicant: answers, dated events and materials, oldest first."""

    id: str  # public, random, unguessable
    flow: str
    flow_version: int
    created_at: datetime
    answers: tuple[Answer, ...] = ()
    events: tuple[Event, ...] = ()
    materials: tuple[Material, ...] = ()  # every version received, oldest first
    verdicts: tuple[Verdict, ...] = ()  # of staff, oldest first
    gone_over_at: datetime | None = None  # what was given until then is blanked, where it has to be


@dataclass(frozen=True, slots=True)
class Change:
    """One answer changed, for undo and redo."""

    step: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Advised:
    """One value a colleague proposes: for which step, and what stood there then."""

    step: str
    value: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Values a colleague proposes together; they count once the applicant says yes."""

    id: str  # random; stands in the buttons
    agent: str  # an agent's name
    filing: str
    values: tuple[Advised, ...]
    asked_last: bool = True  # nothing was said to the applicant since: a typed yes means this


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """留言: words an applicant left for the person they wait for; they stay out of ``repr``."""

    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Helped:
    """Help by a person that is over, and how the applicant rates it."""

    epoch: int  # of the claim it ended with
    agent: str  # as the applicant knows them
    ended_at: datetime
    rating: int | None = None  # 1 to 5
    commented: bool = False


@dataclass(frozen=True, slots=True)
class Attention:
    """What the dialogue has in mind beside the answers; small, and safe to lose."""

    focus: str | None = None  # a step opened by "back" or an edit, asked before the journey's
    proposal: tuple[tuple[str, str], ...] = ()  # (step, value) read back, not yet counted
    aside: tuple[tuple[str, str], ...] = ()  # read back, passed over: offered at their question
    pending: str | None = None  # a yes/no in the air: "proposal", "restart", "withdraw", …
    failures: int = 0  # wrong answers in a row to the open step
    refused: tuple[str, str] | None = None  # (step, why) of an answer refused in the last turn
    paused: bool = False
    read: tuple[str, ...] = ()  # digests of the consent texts put before them last
    offered_locale: str | None = None  # the language offered last to who writes in it
    handover: str | None = None  # "waiting" while the applicant waits for a person (``Case.hold``)
    waiting_since: datetime | None = None  # when they began to wait for a person, while they do
    # Why they wait: "asked", "failed", "message", "return_unread", "put_back" or "lapsed".
    handover_reason: str | None = None
    left: tuple[LeftMessage, ...] = ()  # for the person they wait for
    helped: Helped | None = None  # the last help by a person
    undo: tuple[Change, ...] = ()
    redo: tuple[Change, ...] = ()
    topic: str | None = None  # article id of the last question answered
    question: str | None = None  # the words (masked) of the last question, answered or not
    told_at: datetime | None = None  # when the topic's article was told
    seen_at: datetime | None = None  # when the applicant last wrote
    footer_warned_at: datetime | None = None  # when a footer was last found no longer right
    reports: tuple[Event, ...] = ()  # what they told of the filing, read back, not yet recorded
    quiet: tuple[int, int] | None = None  # hours in China without reminders; None: the usual ones
    paper: str | None = None  # Slot.key of the paper they were asked for last, or chose
    passed: tuple[str, ...] = ()  # slots put off, while going through the papers one by one
    loose: tuple[IncomingFile, ...] = ()  # pictures kept, of which nobody knows what they show
    side_of: str | None = None  # slot of the card of which the first of those shows some side
    from_picture: bool = False  # what is read back was read from a picture
    differing: tuple[tuple[str, str], ...] = ()  # (step, value) of a picture, answered otherwise
    advice: Advice | None = None  # values of a colleague that wait for the applicant's yes
    # Each filing with how many answers and events it had when the assistant fell silent.
    silent_from: tuple[tuple[str, int, int], ...] | None = None

    def after_saying(self) -> "Attention":
        """The same once something more was said: a typed yes may then mean that instead."""
        if self.advice is None or not self.advice.asked_last:
            return self
        return replace(self, advice=replace(self.advice, asked_last=False))


@dataclass(frozen=True, slots=True)
class Colleague:
    """客服: a member of staff as a conversation knows them."""

    id: str  # of their account
    name: str  # as applicants read it

    @property
    def author(self) -> str:
        """How they sign what they say and the answers they give."""
        return signed(self.name)


def signed(name: str) -> str:
    """How a colleague of this name signs."""
    return f"{_AGENT}{name}"


def staff_name(author: str) -> str | None:
    """The name of the colleague who signed so; None if it was no colleague."""
    return author.removeprefix(_AGENT) if author.startswith(_AGENT) else None


@dataclass(frozen=True, slots=True)
class Hold:
    """A colleague's claim on a conversation, as a lease: while it stands, only they speak in it.

    Past ``until`` anybody of the staff may end it or take it; as long as nobody did, it stands.
    """

    agent: str  # Colleague.id
    name: str
    epoch: int  # the conversation's: tells this claim from all others
    since: datetime
    until: datetime

    @property
    def colleague(self) -> Colleague:
        """Who holds it."""
        return Colleague(self.agent, self.name)


@dataclass(frozen=True, slots=True)
class Erasing:
    """An erasure the applicant asked for: until ``due_at`` one word of theirs takes it back.

    ``told_at`` is when they were told that it happens now; from then on nothing stops it.
    """

    due_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent given or refused: which text (version and SHA-256 of its wording), and when."""

    kind: str  # "processing", "sensitive", "cross_border", "messenger"
    granted: bool
    text_version: str
    text_hash: str
    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class Case:
    """One applicant's conversation with everything a turn may look at.

    It is seen from ``identity``: where a message came from, or what is said goes to. ``linked``
    are the same person on other channels, and ``last_on`` is where they wrote last.

    ``version`` counts committed changes: a turn computed on an older version is refused by
    the store and taken again. ``filings`` holds every filing, the active one included.
    ``epoch`` counts the claims there ever were: whoever takes the conversation raises it, and
    nothing lowers it.
    """

    conversation_id: str
    applicant_id: str
    identity: Identity
    locale: str
    version: int = 0
    active: str | None = None  # id of the active filing
    filings: Mapping[str, FilingRecord] = field(default_factory=dict)
    attention: Attention = field(default_factory=Attention)
    consents: tuple[Consent, ...] = ()
    hold: Hold | None = None
    epoch: int = 0
    linked: tuple[Identity, ...] = ()
    last_on: Identity | None = None
    erasing: Erasing | None = None  # all of it is to go

    @property
    def everywhere(self) -> tuple[Identity, ...]:
        """The person on every channel, this one first."""
        return (self.identity, *self.linked)

    def seen_from(self, identity: Identity) -> "Case":
        """The same case from another of the person's channels."""
        if identity == self.identity:
            return self
        others = tuple(one for one in self.everywhere if one != identity)
        return replace(self, identity=identity, linked=others)

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing more is done for them: all of it is to go, or they took consent back."""
        last = next((one for one in reversed(self.consents) if one.kind == "processing"), None)
        return self.erasing is not None or (last is not None and not last.granted)

    @property
    def is_left_alone(self) -> bool:
        """Whether nothing may be said to them unasked."""
        return self.hold is not None or self.is_at_rest

    @property
    def handover(self) -> str | None:
        """Whether a person has the conversation ("held"), or is waited for ("waiting")."""
        return "held" if self.hold is not None else self.attention.handover

    @property
    def filing(self) -> FilingRecord | None:
        """The filing being worked on, or None before the first and after a withdrawal."""
        return self.filings.get(self.active) if self.active else None

    def with_filing(self, filing: FilingRecord) -> "Case":
        """This case with ``filing`` put in (or replaced) and made active."""
        return replace(self, active=filing.id, filings={**self.filings, filing.id: filing})
