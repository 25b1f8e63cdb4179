"""Where else reminders shall reach the applicant: an address asked for, its code, a calendar."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final

from dialogs.answers.masks import mask_email, mask_phone
from dialogs.case import Case, Consent
from dialogs.message import Button, ReplyKind
from dialogs.reminder_words import way_buttons
from dialogs.reminding import Fulfilment, Wish
from dialogs.turn.draft import Draft, TurnResult
from dialogs.world import World
from filing.identifiers.email import parse_email
from filing.identifiers.normalise import half_width
from filing.identifiers.phone import parse_mobile

_AT: Final = re.compile(
    r"^(?:请|麻烦)?(?:把)?(?:提醒|通知)(?:也)?(?:发|寄|送)?(?:到|给|至)\s*(?:我的?)?(?:邮箱|邮件)?[:：]?\s*(\S+@\S+)$"
    r"|^(?:please )?(?:remind me|send (?:the )?reminders)(?: also)?"
    r"(?: by e?-?mail)? (?:at|to)[:：]?\s*(\S+@\S+)$",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"^(?:请|麻烦)?(?:也)?(?:用)?(?:短信)?(?:提醒|通知)(?:也)?(?:我)?(?:发|寄|送)?(?:短信)?(?:到|给|至)?\s*"
    r"(?:我的?)?(?:手机号?|号码)?[:：]?\s*(\+?[\d\s-]{11,17})$"
    r"|^(?:please )?(?:text me|remind me|send (?:the )?reminders)(?: by (?:sms|text))?"
    r"(?: at| to| on)?[:：]?\s*(\+?[\d\s-]{11,17})$",
    re.IGNORECASE,
)
_BY_SMS: Final = re.compile(
    r"(?:请|麻烦)?(?:我)?(?:要|想|可以)?(?:用|发|通过)?(?:短信|手机)(?:来)?(?:提醒|通知)(?:我)?(?:吧|吗)?"
    r"|(?:please )?(?:remind me by (?:sms|text)|(?:sms|text) reminders)",
    re.IGNORECASE,
)
_TELEGRAM: Final = re.compile(
    r"(?:请|麻烦)?(?:我)?(?:要|想|可以)?(?:绑定|连接|接通|关联|添加|加|用|改用|通过)?(?:我的)?\s*"
    r"(?:telegram|电报|tg)\s*(?:上|来)?(?:提醒|通知|接收提醒)?(?:我)?(?:吧|吗)?"
    r"|(?:请)?(?:提醒|通知)(?:也)?(?:发|送)?(?:到|给|至)(?:我的)?\s*(?:telegram|电报|tg)(?:上)?"
    r"|(?:please )?(?:connect|link|use|remind me (?:on|by|in|via)) (?:my )?telegram(?: reminders)?",
    re.IGNORECASE,
)
_STOP_SMS: Final = re.compile(
    r"(?:请)?(?:别|不要|停止|取消)(?:再)?(?:给我)?(?:发短信|短信提醒|发短信提醒)(?:了|提醒)?"
    r"|(?:stop|no more) (?:sms|text|texts)(?: reminders)?",
    re.IGNORECASE,
)
_STOP_TELEGRAM: Final = re.compile(
    r"(?:请)?(?:别|不要|停止|取消|解除)(?:再)?(?:用|往|在|绑定)?\s*(?:telegram|电报|tg)\s*(?:上)?"
    r"(?:绑定|发)?(?:提醒|通知)?(?:我)?(?:了)?"
    r"|(?:stop|no more|unlink|disconnect) telegram(?: reminders)?",
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
    elif (by_phone := _PHONE.match(plain)) is not None:
        return _hear_phone(draft, text, by_phone[1] or by_phone[2])
    elif _BY_SMS.fullmatch(plain):
        draft.notice("reminder.phone_needed")
    elif _STOP_SMS.fullmatch(plain):
        draft.wish = Wish("stop", "sms")
    elif _STOP_TELEGRAM.fullmatch(plain):
        draft.wish = Wish("stop", "telegram_link")
    elif _TELEGRAM.fullmatch(plain):
        draft.wish = Wish("link")
    elif _CODE.fullmatch(plain):
        draft.wish = Wish("code", plain.upper())
    elif _STOP.fullmatch(plain):
        draft.wish = Wish("stop", "email")
    elif _CALENDAR.fullmatch(plain):
        draft.wish = Wish("calendar")
    else:
        return False
    draft.ask_after = False
    return True


def _hear_phone(draft: Draft, text: str, said: str) -> bool:
    """Take a phone number reminders shall go to; it is masked in what is kept of the message."""
    draft.ask_after = False
    number = parse_mobile(said)
    if not isinstance(number, str):
        draft.notice("reminder.phone_wrong")
        return True
    draft.heard = text.replace(said, mask_phone(number))
    draft.wish = Wish("address", number)
    return True


def tell_of_reminders(draft: Draft) -> None:
    """Say at the beginning which way reminders will take, and ask for one where there is none."""
    rings = draft.world.rings
    channels = [one.channel for one in draft.case.everywhere]
    if not (rings.chats or rings.fading or any(rings.offers(channels).values())):
        return  # nothing rings here: it is shown wherever people look
    lasting = rings.lasts_on(channels)
    offers = {} if lasting else rings.offers(channels)
    asked = draft.text("reminder.offers", **offers) if any(offers.values()) else ""
    draft.say(
        ReplyKind.NOTICE,
        "reminder.begin",
        lasting=lasting,
        fades=not rings.fading.isdisjoint(channels),
        offers=asked,
        buttons=way_buttons(rings, channels, draft.case.locale, draft.world) if asked else (),
    )


def press(draft: Draft, what: str) -> None:
    """A button that offers a way: only a link needs no more than a tap."""
    draft.ask_after = False
    if what == "link":
        draft.wish = Wish("link")
    else:
        draft.notice("message.stale_button")


def take_wish(result: TurnResult, done: Fulfilment, now: datetime, world: World) -> TurnResult:
    """The same turn with what came of its wish told, and a consent given recorded."""
    case, say = result.case, world.wording.say
    draft = Draft(case, world, now, _no_id)
    match done.how:
        case "code_sent":
            terms = _consent_text(case, world)
            draft.notice("reminder.code_sent", address=_masked(done.value), terms=terms)
        case "proved":
            case = _agreed(case, now, world)
            is_phone = "@" not in done.value
            draft.notice("reminder.proved", address=_masked(done.value), is_phone=is_phone)
        case "link":
            draft.say(
                ReplyKind.NOTICE,
                "reminder.link",
                terms=_consent_text(case, world),
                buttons=(Button(say("button.link", case.locale), "link", url=done.value),),
            )
        case "linked":
            case = _agreed(case, now, world)
            draft.notice("reminder.linked")
        case "stopped" | "nothing":
            draft.notice(f"reminder.{done.how}", way=say(f"reminder.way_{done.value}", case.locale))
        case "calendar":
            draft.say(
                ReplyKind.NOTICE,
                "reminder.calendar",
                buttons=(Button(say("button.calendar", case.locale), "calendar", url=done.value),),
            )
        case _:
            draft.notice(f"reminder.{done.how}")
    return replace(result, case=case, replies=(*result.replies, *draft.replies))


def _masked(address: str) -> str:
    return mask_email(address) if "@" in address else mask_phone(address)


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
