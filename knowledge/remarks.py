"""The notes and disagreements written beside the rules, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from filing.rulebook import Rule
from knowledge.toml_file import read_toml
from knowledge.toml_reader import LOCALES

_FILE: Final = "rules/remarks.toml"


@cache
def load_remarks(extra_dir: Path | None = None) -> Mapping[str, str]:
    """The English of each remark, by its Chinese; an operator's ``rules/remarks.toml`` over ours.

    Raises BrokenContent when a file is not TOML.
    """
    found: dict[str, str] = dict(
        read_toml(files("knowledge") / "rules" / "remarks.toml", _FILE).data["en"]
    )
    if extra_dir is not None and (own := extra_dir / "rules" / "remarks.toml").is_file():
        found |= read_toml(own, str(own)).data.get("en", {})
    return found


def remark(text: str, locale: str, extra_dir: Path | None = None) -> str:
    """A remark in the reader's language; in Chinese where nobody has translated it."""
    return text if locale == LOCALES[0] else load_remarks(extra_dir).get(text, text)


def remarks_of(rules: Iterable[Rule]) -> Iterator[str]:
    """Every note and disagreement of the rules, as often as it stands there."""
    for rule in rules:
        if rule.disagreement:
            yield rule.disagreement
        yield from (version.note for version in rule.versions if version.note)
