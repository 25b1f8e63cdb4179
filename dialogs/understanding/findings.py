"""What is being found in a message while it is read: values, slips, denials, named steps."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dialogs.answers.base import Context
from dialogs.flow import Flow, Step
from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import Clause, Message
from filing.invalid import Invalid

_BEFORE, _AFTER = 14, 10
"""How many characters around a value can deny it."""


@dataclass(slots=True)
class Findings:
    """The state of reading one message."""

    message: Message
    flow: Flow
    open_step: Step | None
    context: Context
    values: dict[str, str] = field(default_factory=dict)
    wrong: tuple[str, Invalid] | None = None
    denied: dict[str, str] = field(default_factory=dict)  # step -> the value not meant
    named: dict[str, str] = field(default_factory=dict)  # step -> the word used for it
    roles: list[tuple[int, str]] = field(default_factory=list)  # who is spoken of from where on
    used: list[tuple[int, int]] = field(default_factory=list)
    given: list[tuple[int, int]] = field(default_factory=list)  # of these, the values themselves
    places: dict[str, tuple[int, int]] = field(default_factory=dict)  # step -> where its value is

    def role_at(self, place: int) -> str:
        """Who is spoken of at a place; empty if nobody was named before it."""
        return next((role for start, role in reversed(self.roles) if start <= place), "")

    def parse(self, step: Step, text: str) -> str | Invalid | None:
        """``text`` as an answer to ``step``, given what else the message says."""
        if step.ask is None:
            return None
        return step.ask.parse(text, self.known)

    @property
    def known(self) -> Context:
        """The answers so far with those found in this message."""
        if not self.values:
            return self.context
        return replace(self.context, values={**self.context.values, **self.values})

    def take(self, step: Step, read: str | Invalid | None, start: int, end: int) -> bool:
        """Note a value, or why it was refused; the first value of a step counts."""
        if read is None or step.key in self.values:
            return False
        self.use(start, end, value=True)
        if isinstance(read, Invalid):
            self.wrong = self.wrong or (step.key, read)
            return False
        self.values[step.key] = read
        self.places[step.key] = (start, end)
        if self.wrong is not None and self.wrong[0] == step.key:
            self.wrong = None
        return True

    def use(self, start: int, end: int, *, value: bool = False) -> None:
        """Note that a part of the message has been understood."""
        self.used.append((start, end))
        if value:
            self.given.append((start, end))

    def is_used(self, start: int, end: int) -> bool:
        """Whether any of it has been understood already."""
        return any(start < stop and begin < end for begin, stop in self.used)

    def is_given(self, start: int, end: int) -> bool:
        """Whether any of it is part of a value already taken."""
        return any(start < stop and begin < end for begin, stop in self.given)

    def is_denied(self, start: int, end: int) -> bool:
        """Whether the words around a value say that it is not meant."""
        corrections = lexicon().corrections
        plain = self.message.plain
        clause = self.clause_at(start)
        floor = max(clause.start if clause else 0, start - _BEFORE)
        if corrections.denied_before.search(plain, floor, start):
            return True
        return corrections.denied_after.match(plain, end, end + _AFTER) is not None

    def clause_at(self, place: int) -> Clause | None:
        """The clause that holds a place of the message."""
        for clause in self.message.clauses:
            if clause.start <= place < clause.end:
                return clause
        return None

    def is_asked_about(self, place: int) -> bool:
        """Whether a place lies in a question, where nothing is stated."""
        clause = self.clause_at(place)
        return clause is not None and clause.is_question

    def has_cue(self, clause: Clause) -> bool:
        """Whether the words of a clause, values apart, say that something is put right."""
        cues = lexicon().corrections.cues
        return any(
            cues.search(self.message.plain, start, end) is not None
            for start, end in self.unused(clause, also_words=False)
        )

    def puts_right(self) -> bool:
        """Whether anything stated says so."""
        return any(self.has_cue(clause) for clause in self.message.statements)

    def holds_shape(self, start: int, end: int) -> bool:
        """Whether a number or an address stands in a part of the message."""
        return any(shape.start < end and start < shape.end for shape in self.message.shapes)

    def between_shapes(self, clause: Clause) -> Iterator[tuple[int, int]]:
        """The parts of a clause outside numbers and addresses."""
        at = clause.start
        for shape in self.message.shapes:
            if clause.start <= shape.start < clause.end:
                yield at, shape.start
                at = shape.end
        yield min(at, clause.end), clause.end

    def unused(self, clause: Clause, *, also_words: bool = True) -> Iterator[tuple[int, int]]:
        """The parts of a clause nothing has been made of."""
        at = clause.start
        for start, end in sorted(self.used if also_words else self.given):
            if end <= at or start >= clause.end:
                continue
            if start > at:
                yield at, start
            at = max(at, end)
        if at < clause.end:
            yield at, clause.end
