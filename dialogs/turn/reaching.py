"""Where else reminders shall reach the applicant: an address asked for, its code, a calendar."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from dialogs.answers.masks import mask_email
from dialogs.case import Case, Consent
from dialogs.message import Button, ReplyKind
from dialogs.reminding import Fulfilment, Wish
from dialogs.turn.draft import Draft, TurnResult
from dialogs.world import World
from filing.identifiers.email import parse_email
from filing.identifiers.normalise import half_width

_AT: Final = re.compile(
    r"^(?:请|麻烦)?(?:把)?(?:提醒|通知)(?:也)?(?:发|寄|送)?(?:到|给|至)\s*(?:我的?)?(?:邮箱|邮件)?[:：]?\s*(\S+@\S+)$"
    r"|^(?:please )?(?:remind me|send (?:the )?reminders)(?: also)?"
    r"(?: by e?-?mail)? (?:at|to)[:：]?\s*(\S+@\S+)$",
    re.IGNORECASE,
)
_STOP: Final = re.compile(
    r"(?:请)?(?:别|不要|停止|取消)(?:再)?(?:给我)?(?:发邮件|邮件提醒|发邮件提醒|往邮箱发)(?:了|提醒)?"
    r"|(?:stop|no more) e?-?mail(?: reminders)?",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", re.IGNORECASE)
_CALENDAR: Final = re.compile(
    r"(?:给我)?(?:订阅|下载|导出|加入|添加到?)?(?:我的)?(?:日历|ics)(?:订阅|文件|链接)?"
    r"|(?:my |subscribe to (?:the |my )?)?calendar(?: feed| link)?",
    re.IGNORECASE,
)
CONSENT: Final = "reminders"


def hear(draft: Draft, text: str) -> bool:
    """Take a text if it is about where reminders go; False leaves it to the others."""
    plain = half_width(text).strip(" 。.!！")
    found = _AT.match(plain)
    if found is not None:
        address = parse_email(found[1] or found[2])
        if not isinstance(address, str):
            draft.notice("reminder.address_wrong")
            draft.ask_after = False
            return True
        draft.wish = Wish("address", address)
    elif _CODE.fullmatch(plain):
        draft.wish = Wish("code", plain.upper())
    elif _STOP.fullmatch(plain):
        draft.wish = Wish("stop")
    elif _CALENDAR.fullmatch(plain):
        draft.wish = Wish("calendar")
    else:
        return False
    draft.ask_after = False
    return True


def take_wish(result: TurnResult, done: Fulfilment, now: datetime, world: World) -> TurnResult:
    """The same turn with what came of its wish told, and a consent given recorded."""
    case, say = result.case, world.wording.say
    draft = Draft(case, world, now, _no_id)
    match done.how:
        case "code_sent":
            terms = _consent_text(case, world)
            draft.notice("reminder.code_sent", address=mask_email(done.value), terms=terms)
        case "proved":
            case = _agreed(case, now, world)
            draft.notice("reminder.proved", address=mask_email(done.value))
        case "calendar":
            draft.say(
                ReplyKind.NOTICE,
                "reminder.calendar",
                buttons=(Button(say("button.calendar", case.locale), "calendar", url=done.value),),
            )
        case _:
            draft.notice(f"reminder.{done.how}")
    return replace(result, case=case, replies=(*result.replies, *draft.replies))


def _consent_text(case: Case, world: World) -> str:
    return world.wording.consent(CONSENT, case.locale, **_about(case, world)).text


def _agreed(case: Case, now: datetime, world: World) -> Case:
    text = world.wording.consent(CONSENT, case.locale, **_about(case, world))
    consent = Consent(CONSENT, True, text.version, text.sha256, now, case.identity.channel)
    return replace(case, consents=(*case.consents, consent))


def _about(case: Case, world: World) -> dict[str, str]:
    return {
        "provider": world.provider.short_name(case.locale),
        "operator": world.operated_by(case.locale),
        "contact": world.reached_by(case.locale),
    }


def _no_id() -> str:
    raise LookupError("a wish never begins a filing")
