"""What a call to WeCom can come to, and what to do about each code.

WeComFault
├── Unreachable   no answer: a broken connection, a timeout or a server's own trouble
└── Refused       answered with a code; ``action`` says what to do about it

Faults name codes and what they mean in our own words. What WeCom writes beside a code changes,
and may hold ids of people: it goes nowhere.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Action(StrEnum):
    """What to do about a refused call."""

    AGAIN = "again"  # a few times, soon
    SLOWER = "slower"  # a good while later
    REFRESH = "refresh"  # once, with a new access token
    STALE = "stale"  # without the callback's token
    CLOSED = "closed"  # not until the customer writes: another way
    SPENT = "spent"  # the same
    SESSION = "session"  # ask who has the session, and leave it to them
    SHORTER = "shorter"  # in smaller pieces
    ACCOUNT = "account"  # wait until the operator has mended it
    MEDIA = "media"  # upload the file anew
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means and asks for."""

    action: Action
    meaning: str


@cache
def codes() -> dict[int, Code]:
    """The table, from ``codes.toml``."""
    table = tomllib.loads((files("bot.wecom") / "codes.toml").read_text(encoding="utf-8"))
    return {
        int(code): Code(Action(one["action"]), one["meaning"])
        for code, one in table["codes"].items()
    }


class WeComFault(Exception):
    """A call that did not succeed."""


class Unreachable(WeComFault):
    """WeCom did not answer. ``maybe_done`` unless the call surely never reached it."""

    def __init__(self, what: str, *, maybe_done: bool) -> None:
        super().__init__(f"WeCom cannot be reached ({what}); the call will be repeated")
        self.maybe_done = maybe_done


class Refused(WeComFault):
    """WeCom will not do this now."""

    def __init__(self, code: int) -> None:
        known = codes().get(code)
        meaning = known.meaning if known else "see 全局错误码 on developer.work.weixin.qq.com"
        super().__init__(f"WeCom refuses with {code}: {meaning}")
        self.code = code
        self.action = known.action if known else Action.GIVE_UP
