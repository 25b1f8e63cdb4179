"""What a call to WeCom can come to, and what to do about each code."""

from enum import StrEnum
from functools import cache

from bot.tencent import faults
from bot.tencent.faults import Code, read_codes


class Action(StrEnum):
    """What to do about a refused call."""

    AGAIN = "again"  # a few times, soon
    SLOWER = "slower"  # a good while later
    REFRESH = "refresh"  # once, with a new access token
    STALE = "stale"  # without the callback's token
    NOBODY = "nobody"  # this customer cannot be written to, ever
    CLOSED = "closed"  # not until the customer writes: another way
    SPENT = "spent"  # the same
    SESSION = "session"  # ask who has the session, and leave it to them
    SHORTER = "shorter"  # in smaller pieces
    ACCOUNT = "account"  # wait until the operator has mended it
    MEDIA = "media"  # upload the file anew
    GIVE_UP = "give_up"


@cache
def codes() -> dict[int, Code[Action]]:
    """The table, from ``codes.toml``."""
    return read_codes("bot.wecom", Action)


class WeComFault(faults.Fault):
    """A call that did not succeed."""

    platform = "WeCom"


class Unreachable(WeComFault, faults.Unreachable):
    """WeCom did not answer. ``maybe_done`` unless the call surely never reached it."""


class Refused(WeComFault, faults.Refused):
    """WeCom will not do this now."""

    manual = "全局错误码 on developer.work.weixin.qq.com"
    table = staticmethod(codes)
    otherwise = Action.GIVE_UP
    action: Action
