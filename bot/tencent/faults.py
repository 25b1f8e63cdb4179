"""What a call to a platform can come to; each channel has its own codes and actions.

Fault
├── Unreachable   no answer: a broken connection, a timeout or a server's own trouble
└── Refused       answered with a code; ``action`` says what to do about it

Faults name codes and what they mean in our own words. What the platform writes beside a code
changes, and may hold ids of people: it goes nowhere.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, ClassVar, Final, Generic, TypeVar

AnAction = TypeVar("AnAction", bound=StrEnum)

AGAIN: Final = "again"
"""In every channel's actions, as those below: a few times, soon."""

REFRESH: Final = "refresh"
"""Once, with a new access token."""

CLOSED: Final = "closed"
"""Not until the person writes: another way."""

SPENT: Final = "spent"
"""The same: all that the window allows is sent."""

SHORTER: Final = "shorter"
"""In smaller pieces."""

ACCOUNT: Final = "account"
"""Wait until the operator has mended it."""

MEDIA: Final = "media"
"""Upload the file anew."""


@dataclass(frozen=True, slots=True)
class Code(Generic[AnAction]):
    """What a code means and asks for."""

    action: AnAction
    meaning: str


def read_codes(package: str, actions: type[AnAction]) -> dict[int, Code[AnAction]]:
    """A channel's table, from its ``codes.toml``."""
    table = tomllib.loads((files(package) / "codes.toml").read_text(encoding="utf-8"))
    return {
        int(code): Code(actions(one["action"]), one["meaning"])
        for code, one in table["codes"].items()
    }


class Fault(Exception):
    """A call that did not succeed."""

    platform: ClassVar[str]


class Unreachable(Fault):
    """The platform did not answer. ``maybe_done`` unless the call surely never reached it."""

    def __init__(self, what: str, *, maybe_done: bool) -> None:
        super().__init__(f"{self.platform} cannot be reached ({what}); the call will be repeated")
        self.maybe_done = maybe_done


class Refused(Fault):
    """The platform will not do this now.

    ``manual`` names where it lists its codes, ``table`` what we know of them, ``otherwise`` what
    to do about any other.
    """

    manual: ClassVar[str]
    table: ClassVar[Callable[[], Mapping[int, Code[Any]]]]
    otherwise: ClassVar[StrEnum]
    action: StrEnum

    def __init__(self, code: int) -> None:
        known = type(self).table().get(code)
        meaning = known.meaning if known else f"see {self.manual}"
        super().__init__(f"{self.platform} refuses with {code}: {meaning}")
        self.code = code
        self.action = known.action if known else self.otherwise
