"""The applicant's message, where it ends a person's help; any other is taken as usual."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from dialogs.case import Case
from dialogs.message import Inbound
from dialogs.turn import staff, taking
from dialogs.turn.draft import TurnResult
from dialogs.world import World
from filing.identifiers.normalise import half_width

_END: Final = re.compile(
    r"(?:好的|谢谢|嗯|那|请|[,，\s])*(?:结束|关闭|退出|断开)(?:人工|客服)(?:服务|对话|会话|聊天)?(?:吧|了)?"
    r"|结束(?:服务|对话|会话|聊天)(?:吧|了)?|(?:转|换|切)回(?:助手|机器人)(?:吧|了)?|不(?:用|需要)人工了"
    r"|end (?:the )?(?:help|support|chat|conversation)|back to the (?:assistant|bot)",
    re.IGNORECASE,
)


def take_turn(
    case: Case, inbound: Inbound, now: datetime, world: World, fresh_id: Callable[[], str]
) -> TurnResult:
    """Take one message of the applicant (``dialogs.turn.taking``), or end a person's help by it."""
    if case.hold is None or not ends_help(inbound):
        return taking.take_turn(case, inbound, now, world, fresh_id)
    seen = replace(case, attention=replace(case.attention, seen_at=now))
    return replace(staff.close(seen, now, world), heard=inbound.words)


def ends_help(inbound: Inbound) -> bool:
    """Whether a message says that the person's help is over."""
    if inbound.button is not None:
        return inbound.button == "cmd:end_help"
    text = half_width(inbound.text or "").strip(" 。.!！~～")
    return _END.fullmatch(text) is not None
