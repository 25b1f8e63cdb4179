"""What a call to WeChat can come to, and what to do about each code."""

from enum import StrEnum
from functools import cache

from bot.tencent import faults
from bot.tencent.faults import Code, read_codes


class Action(StrEnum):
    """What to do about a refused call."""

    AGAIN = "again"  # a few times, soon
    REFRESH = "refresh"  # once, with a new access token
    NOBODY = "nobody"  # this person cannot be written to, ever
    LEFT = "left"  # nor this one, until they follow again
    CLOSED = "closed"  # not until the person writes: another way
    SPENT = "spent"  # the same
    CONSENT = "consent"  # another way
    TEMPLATE = "template"  # another way, and tell the operator
    SHORTER = "shorter"  # in smaller pieces
    QUOTA = "quota"  # not before tomorrow: another way
    PERMISSION = "permission"  # switch this way off, and tell the operator
    ACCOUNT = "account"  # wait until the operator has mended it
    MEDIA = "media"  # upload the file anew
    GIVE_UP = "give_up"


@cache
def codes() -> dict[int, Code[Action]]:
    """The table, from ``codes.toml``."""
    return read_codes("bot.wechat", Action)


class WeChatFault(faults.Fault):
    """A call that did not succeed."""

    platform = "WeChat"


class Unreachable(WeChatFault, faults.Unreachable):
    """WeChat did not answer. ``maybe_done`` unless the call surely never reached it."""


class Refused(WeChatFault, faults.Refused):
    """WeChat will not do this now."""

    manual = "全局返回码 on developers.weixin.qq.com"
    table = staticmethod(codes)
    otherwise = Action.GIVE_UP
    action: Action
