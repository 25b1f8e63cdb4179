"""The words and choices of a conversation's page, for its templates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from desk.conversations import Opened, facts_for, others_among
from desk.permissions import Action
from desk.presence import Present
from desk.stage_events import TOLD_BY_STAFF
from desk.visits import Visit
from dialogs.case import APPLICANT, staff_name
from dialogs.discretion import Discretion, discretion_for
from dialogs.overview import Line
from dialogs.paper_overview import ListedPaper, paper_overview
from dialogs.ports import Entry
from dialogs.reminder_words import span_words, who_of
from dialogs.turn import staff
from filing.deadline import Deadline
from filing.event import Person, Stage
from filing.materials.picture_code import PARAMS, PictureCode

_SOON = timedelta(hours=24)
_REASONS = frozenset({"message", "return_unread", "put_back", "lapsed"})
"""Why a person is wanted, where that says more than that the applicant asked."""


REFUSALS = tuple(code for code in PictureCode if not PARAMS[code])
"""Reasons to choose from when a paper is refused: those that need no particulars."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose in a form."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class View:
    """One conversation as one colleague sees it."""

    opened: Opened
    visit: Visit
    typed: str | None = None  # what stood in the composer when sending was refused
    problem: str = ""
    colleagues: Sequence[str] = ()  # names of agents who may be given a task
    _discretion: Discretion = field(init=False)

    def __post_init__(self) -> None:
        """Know what to mask."""
        made = discretion_for(self.opened.case, self.visit.parts.world)
        object.__setattr__(self, "_discretion", made)

    # --- who -------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Where this conversation's forms go, within the desk."""
        return f"/conversations/{self.opened.id}"

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.opened.name or self.visit.say("conversation.nameless")

    @property
    def channels(self) -> Sequence[str]:
        """The applicant's channels in words, the one they wrote on last first."""
        return [self.said("channel", one.channel) for one in self.opened.case.everywhere]

    @property
    def is_mine(self) -> bool:
        """Whether the reader has the conversation."""
        return self.opened.is_mine(self.visit.agent)

    @property
    def can_claim(self) -> bool:
        """Whether the reader may simply take it."""
        free = self.opened.hold is None or self.opened.is_over()
        return not self.is_mine and free and self.visit.may(Action.CLAIM)

    @property
    def can_take_over(self) -> bool:
        """Whether the reader may take it from the colleague who has it."""
        held = self.opened.hold is not None and not self.is_mine and not self.opened.is_over()
        return held and self.visit.may(Action.TAKE_OVER)

    @property
    def others(self) -> Sequence[Present]:
        """The colleagues who look at it too."""
        return others_among(self.opened.present, self.visit.agent)

    # --- words -----------------------------------------------------------------------------

    def said(self, kind: str, code: str) -> str:
        """The desk's word for a code, or the code itself where there is none."""
        key = f"conversation.{kind}_{code}"
        known = self.visit.desk.texts.by_locale[self.visit.locale]
        return known.get(key, code)

    def wording(self, key: str, **variables: object) -> str:
        """A sentence of the assistant's own, in the reader's language."""
        return self.visit.parts.world.wording.say(key, self.visit.locale, **variables)

    @property
    def stage(self) -> str:
        """The stage in words; empty before a filing is begun."""
        if self.opened.overview.filing is None:
            return ""
        return self.wording(f"stage.name.{self.opened.overview.standing.stage.stage.value}")

    def author(self, entry: Entry) -> str:
        """Who said a line."""
        if entry.said is None:
            return self.visit.say("conversation.applicant")
        return staff_name(entry.author) or self.visit.say("conversation.assistant")

    def hidden(self, text: str) -> str:
        """A text of this conversation, masked."""
        return self._discretion.hide(text)

    def words(self, entry: Entry) -> str:
        """What a line says, without what only a reveal may show."""
        text = entry.said.text if entry.said is not None else entry.heard
        by_people = entry.said is None or self.is_staff(entry)
        return self._discretion.hide(text or "", by_people=by_people)

    def is_staff(self, entry: Entry) -> bool:
        """Whether a colleague said it."""
        return entry.said is not None and staff_name(entry.author) is not None

    def given_by(self, line: Line) -> str:
        """Who gave an answer."""
        if line.author is None:
            return self.visit.say("conversation.derived") if line.state == "derived" else ""
        if line.author == APPLICANT:
            return self.visit.say("conversation.applicant")
        name = staff_name(line.author)
        return name or self.said("author", line.author)

    def label(self, step: str) -> str:
        """What a question is called."""
        return self.wording(f"step.{step}.label")

    def left(self, span: timedelta) -> str:
        """How long, in words."""
        return span_words(span, self.visit.locale, self.visit.parts.world)

    def is_soon(self, deadline: Deadline) -> bool:
        """Whether it ends within a day."""
        return deadline.due_at - self.opened.now <= _SOON

    def is_overdue(self, deadline: Deadline) -> bool:
        """Whether it has passed."""
        return deadline.due_at <= self.opened.now

    def deadline(self, deadline: Deadline) -> str:
        """Its name, with whose it is."""
        who = who_of(deadline, self.visit.locale, self.visit.parts.world)
        title = deadline.kind.title[self.visit.locale]
        return f"{title} · {who}" if who else title

    # --- the filing ------------------------------------------------------------------------

    def sections(self) -> Iterator[tuple[str, list[Line]]]:
        """The answers by section, in the form's order."""
        for section, lines in groupby(self.opened.overview.lines, key=lambda one: one.section):
            yield self.wording(f"section.{section}"), list(lines)

    def check(self, index: int) -> tuple[str, str]:
        """The reason and the cure of an open check."""
        one = self.opened.overview.checks[index]
        return (
            self.wording(f"check.{one.code}.reason", **one.params),
            self.wording(f"check.{one.code}.cure", **one.params),
        )

    @property
    def failing(self) -> Sequence[str]:
        """Why it would be returned as it stands."""
        checks = self.opened.overview.checks
        return [self.check(n)[0] for n, one in enumerate(checks) if one.refuses]

    @property
    def steps(self) -> Sequence[Choice]:
        """The questions for which a value may be proposed."""
        return [
            Choice(one.step, self.label(one.step))
            for one in self.opened.overview.lines
            if one.can_change
        ]

    # --- its papers ------------------------------------------------------------------------

    @property
    def papers(self) -> Sequence[ListedPaper]:
        """What the filing needs and got, in the console's order."""
        filing = self.opened.overview.filing
        if filing is None:
            return ()
        world, now = self.visit.parts.world, self.opened.now
        return paper_overview(self.opened.case, filing, now, world, self.visit.locale)

    @property
    def can_judge(self) -> bool:
        """Whether the reader may accept or refuse a paper now."""
        return self.visit.may(Action.JUDGE_PAPER) and (self.opened.hold is None or self.is_mine)

    @property
    def paper_reasons(self) -> Sequence[Choice]:
        """Why a paper may be refused."""
        return [Choice(code, self.wording(f"picture.{code}.reason")) for code in REFUSALS]

    # --- the hand-over card ----------------------------------------------------------------

    @property
    def why(self) -> str:
        """Why a person is wanted, as far as the assistant knows."""
        attention = self.opened.case.attention
        if attention.handover_reason in _REASONS:
            return self.visit.say(f"conversation.why_{attention.handover_reason}")
        if attention.question:
            return self.visit.say("conversation.why_question", question=attention.question)
        if attention.failures > 1 and self.opened.overview.standing.asking:
            label = self.label(self.opened.overview.standing.asking)
            count = attention.failures
            return self.visit.say("conversation.why_failures", count=count, label=label)
        return self.visit.say("conversation.why_asked")

    @property
    def summary(self) -> str:
        """The filing in one line."""
        standing = self.opened.overview.standing
        values = standing.journey.values
        world = self.visit.parts.world
        locale = self.visit.locale
        kind = values.get("subject_kind")
        known = [
            world.wording.label("province", values["province"], locale)
            if values.get("province")
            else "",
            world.wording.label("subject_kind", kind, locale) if kind else "",
            values.get("domain", ""),
            self.visit.say(
                "conversation.progress",
                answered=standing.journey.answered,
                remaining=standing.journey.remaining,
            )
            if standing.asking
            else self.stage,
        ]
        return " · ".join(one for one in known if one)

    @property
    def last_heard(self) -> Sequence[Entry]:
        """The applicant's last words."""
        heard = [one for one in self.opened.entries if one.said is None and one.heard]
        return heard[-3:]

    # --- the composer ----------------------------------------------------------------------

    @property
    def cannot_say(self) -> str:
        """Why the reader cannot write to the applicant now; empty if they can."""
        hold = self.opened.hold
        if hold is None:
            return self.visit.say("conversation.claim_first")
        if not self.is_mine:
            return self.visit.say("conversation.held_by", name=hold.name)
        if self.opened.allowance.blocked is not None:
            return self.visit.say("conversation.refused_blocked")
        closes_at = self.opened.allowance.closes_at
        if closes_at is not None and closes_at <= self.opened.now:
            return self.visit.say("conversation.refused_window_closed")
        return ""

    @property
    def text(self) -> str:
        """What stands in the composer."""
        if self.typed is not None:
            return self.typed
        return self.opened.draft.text if self.opened.draft else ""

    @property
    def draft_version(self) -> int:
        """The version of the shared draft the composer shows."""
        return self.opened.draft.version if self.opened.draft else 0

    @property
    def canned(self) -> Sequence[tuple[str, list[Choice]]]:
        """The canned texts by topic, titles in the reader's language."""
        found = self.visit.parts.helping.canned.of(self.visit.locale)
        topics = dict.fromkeys(one.topic for one in found)
        return [
            (
                self.said("topic", topic),
                [Choice(one.id, one.title) for one in found if one.topic == topic],
            )
            for topic in topics
        ]

    @property
    def facts(self) -> dict[str, str]:
        """What canned texts may say of this conversation."""
        return facts_for(self.opened, self.visit.agent, self.visit.parts)

    @property
    def goodbye(self) -> Sequence[str]:
        """What the assistant will say when the reader hands back now."""
        if not self.is_mine:
            return ()
        case, world = self.opened.case, self.visit.parts.world
        result = staff.hand_back(case, self.visit.agent.colleague, self.opened.now, world)
        hide = self._discretion.hide
        return [hide(reply.text, by_people=False) for reply in result.replies]

    @property
    def advised(self) -> str:
        """What the applicant is asked to approve."""
        advice = self.opened.case.attention.advice
        labels = (self.label(one.step) for one in advice.values) if advice else ()
        return self.wording("message.comma").join(labels)

    @property
    def documents(self) -> Sequence[str]:
        """Documents often asked for: those of the form, and the provider's letters."""
        locale = self.opened.case.locale
        letters = self.visit.parts.world.provider.letters
        return [one.title.get(locale, one.title["zh-CN"]) for one in letters]

    # --- stage events ----------------------------------------------------------------------

    @property
    def events(self) -> Sequence[Choice]:
        """What staff may record."""
        return [Choice(one.value, self.said("event", one.value)) for one in TOLD_BY_STAFF]

    @property
    def persons(self) -> Sequence[Choice]:
        """Whose SMS it may be."""
        return [Choice(one.value, self.said("person", one.value)) for one in Person]

    @property
    def stages(self) -> Sequence[Choice]:
        """Where a filing may have been sent back from."""
        passed = (Stage.FIRST_REVIEW, Stage.MATERIALS, Stage.SECOND_REVIEW, Stage.SUBMITTED,
                  Stage.SMS_VERIFICATION, Stage.BUREAU_REVIEW)  # fmt: skip
        return [Choice(one.value, self.wording(f"stage.name.{one.value}")) for one in passed]

    @property
    def reasons(self) -> Sequence[Choice]:
        """The reason codes with their causes."""
        locale = self.visit.locale
        book = self.visit.parts.world.rejections.rejections
        return [Choice(code, f"{code} {one.cause[locale]}") for code, one in book.items()]
