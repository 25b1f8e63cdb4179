"""A flow: the ordered questions of one filing kind, declared as data and checked when loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from dialogs.answers.base import AnswerType
from dialogs.case import MIGRATION, Answer
from filing.rulebook import Rulebook

AGREED = "agree"
"""The answer that gives a consent; any other one refuses it."""


class BrokenFlow(Exception):
    """A flow that cannot be used: duplicate key, forward reference or the like."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What conditions and derivations may look at: earlier answers, the rules and the day."""

    values: Mapping[str, str]
    rulebook: Rulebook
    today: date

    def rule(self, key: str) -> object:
        """The rule's value for this filing's province and subject kind; None if there is none."""
        version = self.rulebook.find(
            key,
            self.today,
            province=self.values.get("province"),
            subject=self.values.get("subject_kind"),
        )
        return None if version is None else version.value


@dataclass(frozen=True, slots=True)
class When:
    """A step applies only if an earlier answer is (or is not) one of some values.

    An earlier step that does not apply, or is not answered, fulfils neither form.
    """

    step: str
    is_in: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()

    def holds(self, ground: Ground) -> bool:
        """Whether the condition is fulfilled on this ground."""
        value = ground.values.get(self.step)
        if value is None:
            return False
        return value in self.is_in if self.is_in else value not in self.not_in

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The earlier steps this condition reads."""
        return (self.step,)


@dataclass(frozen=True, slots=True)
class WhenRule:
    """A step applies only if a rule of the filing's province and subject kind says so.

    Without ``is_in`` any rule in force that is neither false nor none fulfils it.
    """

    rule: str
    is_in: tuple[object, ...] = ()

    def holds(self, ground: Ground) -> bool:
        """Whether the rule, as it stands for this filing, asks for the step."""
        value = ground.rule(self.rule)
        if self.is_in:
            return value in self.is_in
        return value not in (None, False, "none", "false")

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The earlier steps this condition reads."""
        return ("province", "subject_kind")


@dataclass(frozen=True, slots=True)
class WhenDiffers:
    """A step applies only if two earlier answers, both given, differ."""

    step: str
    other: str

    def holds(self, ground: Ground) -> bool:
        """Whether both answers are there and differ."""
        one, two = ground.values.get(self.step), ground.values.get(self.other)
        return one is not None and two is not None and one != two

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The earlier steps this condition reads."""
        return (self.step, self.other)


Condition = When | WhenRule | WhenDiffers
"""The closed grammar of conditions: they look back only, and cannot call code."""


class Derivation(Protocol):
    """How a value may follow from earlier answers; the kinds stand in ``dialogs.derive``."""

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The earlier steps it reads."""
        ...

    def derive(self, ground: Ground) -> str | None:
        """The value, or None when it cannot be told and must be asked."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One question.

    ``needs`` names earlier steps the answer rests on: when one of them changes, the answer
    no longer counts and is proposed again. ``derive`` answers without asking where it can;
    ``suggest`` offers a value to confirm with one tap. A skipped optional step holds ``""``.
    ``fills`` is the dotted field of ``filing.model.Filing``; None for answers that only steer
    the conversation.
    """

    key: str
    ask: AnswerType | None  # None: never asked, only derived
    section: str
    when: tuple[Condition, ...] = ()
    fills: str | None = None
    needs: tuple[str, ...] = ()
    optional: bool = False
    required_when: tuple[Condition, ...] = ()  # an optional step is required if one holds
    derive: Derivation | None = None
    suggest: Derivation | None = None
    likely: str | None = None  # what most answer: foretells how many questions are left
    consent: str | None = None  # this step records a consent of that kind
    closes: bool = False  # answering it hands the filing in
    looked_up: str | None = None  # "subject" or "domain": whose filing record answers it
    strict: bool = False  # a refusing pre-check of its field makes an answer wrong, not noted

    def applies(self, ground: Ground) -> bool:
        """Whether the question is to be asked at all."""
        for condition in self.when:  # for every step in every turn: all() costs twice as much
            fulfilled = condition.holds(ground)
            if not fulfilled:
                return False
        return True

    def skippable(self, ground: Ground) -> bool:
        """Whether the applicant may pass over it."""
        return self.optional and not any(one.holds(ground) for one in self.required_when)

    @property
    def looks_at(self) -> frozenset[str]:
        """Every earlier step that decides whether, or how, this one is asked."""
        conditions = self.when + self.required_when
        found = {key for condition in conditions for key in condition.looks_at} | set(self.needs)
        for derivation in (self.derive, self.suggest):
            if derivation is not None:
                found |= set(derivation.looks_at)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Flow:
    """An ordered, versioned list of steps.

    ``renamed`` and ``defaults`` say how answers of earlier versions are read: old key to new
    key, and values for steps that older conversations were never asked.
    """

    name: str
    version: int
    steps: tuple[Step, ...]
    renamed: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    _by_key: Mapping[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key: dict[str, Step] = {}
        for step in self.steps:
            if step.key in by_key:
                raise BrokenFlow(f"{self.name}: the step {step.key!r} stands twice; rename one")
            ahead = step.looks_at - by_key.keys()
            if ahead:
                raise BrokenFlow(
                    f"{self.name}: {step.key!r} looks at {sorted(ahead)}, which is not asked "
                    "before it; move it down or drop the condition"
                )
            by_key[step.key] = step
        object.__setattr__(self, "_by_key", by_key)

    def __getitem__(self, key: str) -> Step:
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def carry_over(self, answers: tuple[Answer, ...], version: int) -> tuple[Answer, ...]:
        """Answers given to an earlier version, as this one reads them.

        Renamed steps keep their answers, dropped ones are left out, and a step that older
        conversations were never asked gets its default, if it has one.
        """
        if version >= self.version:
            return answers
        carried = tuple(
            answer if key == answer.step else replace(answer, step=key)
            for answer in answers
            if (key := self.key_today(answer.step, version)) is not None
        )
        known = {answer.step for answer in carried}
        since = carried[-1].at if carried else None
        added = tuple(
            Answer(step, value, since, author=MIGRATION)
            for upgrade in range(version + 1, self.version + 1)
            for step, value in self.defaults.get(upgrade, {}).items()
            if since is not None and step in self and step not in known
        )
        return carried + added

    def key_today(self, step: str, version: int) -> str | None:
        """What a step of an earlier version is called today; None if there is none any more."""
        for upgrade in range(version + 1, self.version + 1):
            step = self.renamed.get(upgrade, {}).get(step, step)
        return step if step in self._by_key else None
