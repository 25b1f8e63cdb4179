"""Reading wording files: one TOML file per kind of text and locale, flattened to dotted keys."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

LOCALES = ("zh-CN", "en")
"""The languages spoken, the default one first."""

FILES = {
    "step": "steps",
    "invalid": "invalid",
    "consent": "consents",
    "message": "messages",
    "section": "sections",
    "choice": "choices",
    "check": "checks",
    "button": "buttons",
    "stage": "stages",
    "sheet": "sheet",
    "footer": "footer",
    "reminder": "reminders",
    "framework": "frameworks",
    "progress": "progress",
    "guide": "guides",
    "staff": "staff",
    "waiting": "waiting",
    "rating": "rating",
    "material": "materials",
    "picture": "pictures",
    "link": "links",
    "letter": "letters",
    "right": "rights",
}
"""Which file the keys of each kind stand in: ``step.domain.ask`` in ``steps.toml``."""


def file_of(kind: str, locale: str) -> Traversable:
    """The package's own file of one kind of text."""
    return files("dialogs.wording") / locale / f"{FILES[kind]}.toml"


def override_of(extra: Path, kind: str, locale: str) -> Path:
    """The operator's file of one kind of text; it need not exist."""
    return extra / locale / f"{FILES[kind]}.toml"


def read(kind: str, locale: str, extra: Path | None) -> dict[str, str]:
    """All texts of one kind and locale by their full key, the operator's own in place.

    Raises ``tomllib.TOMLDecodeError`` for a file that is no TOML, ``OSError`` for one that
    cannot be read.
    """
    texts = dict(flat(kind, tomllib.loads(file_of(kind, locale).read_text(encoding="utf-8"))))
    if extra is not None and (own := override_of(extra, kind, locale)).is_file():
        texts.update(flat(kind, tomllib.loads(own.read_text(encoding="utf-8"))))
    return texts


def flat(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The texts in a table and its sub-tables by dotted key; lists and numbers are no texts.

    A choice's own key is its label: ``choice.yes_no.yes`` for ``[yes_no.yes] label = "是"``.
    """
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, str):
            text = value.strip("\n")
            yield key, text
            if name == "label" and prefix.startswith("choice."):
                yield prefix, text
        elif isinstance(value, dict):
            yield from flat(key, value)


def line_of(source: str, key: str) -> int:
    """The line on which ``key`` (without its kind: ``domain.ask``) is set, or 0.

    Found by the table header and the bare key below it, as our files are written.
    """
    table, _, name = key.rpartition(".")
    here, found = "", 0
    for number, line in enumerate(source.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            here = stripped.strip("[] ").replace('"', "")
            if here == key:
                found = number
            continue
        left = stripped.partition("=")[0].strip().replace('"', "")
        if f"{here}.{left}".lstrip(".") == key or (here == table and left == name):
            return number
    return found
