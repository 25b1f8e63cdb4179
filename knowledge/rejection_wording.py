"""A reason for a return told as an answer: cause, cure, what to look at, what to do again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.rejections import Rejection, load_rejections
from knowledge.toml_file import read_toml

_FILE = "rules/rejection_wording.toml"


@dataclass(frozen=True, slots=True)
class RejectionWording:
    """The sentences of one locale around a cause and a cure, and its names of things."""

    answer: str  # holds {cause}, {cure}, {look} and {redo}
    look: str  # holds {fields}
    comma: str
    fields: Mapping[str, str]  # dotted field of a filing: what applicants call it
    redo: Mapping[str, str]  # of rejections.REDO: a whole sentence

    def tell(self, rejection: Rejection, locale: str) -> str:
        """The answer to "why was it returned, and what now"."""
        named = dict.fromkeys(self.fields[field] for field in rejection.fields)
        return self.answer.format(
            cause=rejection.cause[locale],
            cure=rejection.cure[locale],
            look=self.look.format(fields=self.comma.join(named)) if named else "",
            redo="".join(self.redo[what] for what in rejection.redo),
        ).strip()


def tell_rejection(code: str, locale: str) -> str:
    """What a return of ``code`` (R01 to R38) means and how it is mended.

    Raises KeyError for a code that is none.
    """
    return load_rejection_wording()[locale].tell(_rejections()[code], locale)


@cache
def load_rejection_wording() -> Mapping[str, RejectionWording]:
    """The wording by locale. Raises BrokenContent when the file is not TOML."""
    data: Mapping[str, Any] = read_toml(
        files("knowledge") / "rules" / "rejection_wording.toml", _FILE
    ).data
    return {locale: RejectionWording(**words) for locale, words in data.items()}


@cache
def _rejections() -> Mapping[str, Rejection]:
    return load_rejections()
