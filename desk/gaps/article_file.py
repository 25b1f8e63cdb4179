"""An article's file as the fields of a form, and back."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

NAME: Final = re.compile(r"[a-z][a-z0-9_]{2,59}")
"""What an article may be called: the name of its file, and nothing that leads elsewhere."""

_FRONT = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LIMITS: Final = ("province", "subject_kind", "filing_kind", "stage")


@dataclass(frozen=True, slots=True)
class ArticleFields:
    """What a person writes of an article. ``limits`` are the entries of ``[applies_to]``."""

    title: str = ""
    topic: str = ""
    ask: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    limits: Mapping[str, tuple[str, ...]] | None = None
    body: str = ""

    def as_file(self, reviewed_on: date) -> str:
        """The file, checked on that day."""
        lines = ["+++", f"title = {_text(self.title)}"]
        if self.topic:
            lines.append(f"topic = {_text(self.topic)}")
        lines += ["ask = [", *(f"    {_text(one)}," for one in self.ask), "]"]
        lines.append(f"sources = {_texts(self.sources)}")
        if self.related:
            lines.append(f"related = {_texts(self.related)}")
        if self.steps:
            lines.append(f"steps = {_texts(self.steps)}")
        lines.append(f"reviewed_on = {reviewed_on.isoformat()}")
        limits = {name: found for name, found in (self.limits or {}).items() if found}
        if limits:
            lines += ["", "[applies_to]"]
            lines += [f"{name} = {_texts(limits[name])}" for name in _LIMITS if name in limits]
        body = _CONTROL.sub("", self.body.replace("\r\n", "\n")).strip("\n")
        return "\n".join([*lines, "+++", body, ""])


def read_fields(text: str) -> ArticleFields:
    """The fields of a file; of one that cannot be read, its text as the body."""
    front = _FRONT.match(text)
    if front is None:
        return ArticleFields(body=text)
    try:
        data = tomllib.loads(front[1])
    except tomllib.TOMLDecodeError:
        return ArticleFields(body=text)
    applies = data.get("applies_to", {})
    return ArticleFields(
        title=str(data.get("title", "")),
        topic=str(data.get("topic", "")),
        ask=_read(data, "ask"),
        sources=_read(data, "sources"),
        related=_read(data, "related"),
        steps=_read(data, "steps"),
        limits={name: _read(applies, name) for name in _LIMITS if name in applies},
        body=text[front.end() :].strip("\n"),
    )


def lines_of(text: str) -> tuple[str, ...]:
    """What stands in a field with one entry a line: blank lines and repeats left out."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def words_of(text: str) -> tuple[str, ...]:
    """What stands in a field with entries between commas or blanks."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,，、;；]+", text)))


def _read(data: Mapping[str, Any], entry: str) -> tuple[str, ...]:
    value = data.get(entry, ())
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _text(value: str) -> str:
    """A TOML text: JSON's escapes are among TOML's, and what it leaves is left out here."""
    return json.dumps(_CONTROL.sub("", value).replace("\n", " ").strip(), ensure_ascii=False)


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
