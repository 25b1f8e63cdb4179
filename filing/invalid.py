"""A wrong answer as a value: what is wrong with it, never the answer itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

Param: TypeAlias = str | int
"""What may fill a message about a wrong answer. Never the sensitive value."""


def _none() -> Mapping[str, Param]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why a value was refused, as a code that names its wording.

    ``code`` is dotted, stable and lower case (``"text.too_long"``); ``params`` fill the
    wording (``{"max": 100}``). Neither ever holds the value itself: it may be an ID number.
    """

    code: str
    params: Mapping[str, Param] = field(default_factory=_none)


def invalid(code: str, **params: Param) -> Invalid:
    """Build an :class:`Invalid` with its parameters as keywords."""
    return Invalid(code, MappingProxyType(params))
