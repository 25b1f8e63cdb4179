"""SMS verification in the chat: who does what until when, troubles, and codes typed by mistake."""

import re
from collections.abc import Callable
from typing import Final

from dialogs.message import Button, ReplyKind
from dialogs.turn.dates import left_words, moment_words
from dialogs.turn.draft import Draft
from dialogs.understanding.reports import trouble
from filing.event import EventType, Stage
from filing.masking import mask_phone
from filing.sms import SmsRules, SmsTask, sms_rules, sms_tasks
from filing.subject import CertificateType

TROUBLES: Final = ("no_code", "wrong_code", "number_changed", "no_record", "other_busy")

_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9０-９]{3}[ \-]?[0-9０-９]{3}(?![0-9A-Za-z])")
_NAMES_A_CODE = re.compile(r"验证码|驗證碼|校验码|核验码|短信码|\bcode\b|\botp\b", re.IGNORECASE)
_NO_CODE = re.compile(
    r"(?:邮编|邮政编码|订单|单号|编号|postcode|zip|order)[^0-9]{0,6}[0-9]{6}|"
    r"[0-9]{6}\s*(?:个|人|元|块|次|条|users|yuan)",
    re.IGNORECASE,
)
"""Six digits that are no code, while one is waited for."""

_AT_SMS = frozenset({Stage.SUBMITTED, Stage.SMS_VERIFICATION})


def tasks_of(draft: Draft) -> tuple[SmsTask, ...]:
    """Who verifies, and until when."""
    return sms_tasks(draft.filing, draft.stage, draft.persons, rules_of(draft))


def rules_of(draft: Draft) -> SmsRules:
    """The rules in force for this filing."""
    return sms_rules(draft.world.rulebook, draft.today, draft.journey.values.get("province"))


def guide(draft: Draft) -> str:
    """Who is still missing, what each does, where, and what never to do."""
    tasks, rules = tasks_of(draft), rules_of(draft)
    overdue = any(task.is_overdue(draft.now) for task in tasks)
    return draft.text(
        "stage.sms_guide",
        persons="\n".join(_line(draft, task, rules) for task in tasks),
        are_two=len(tasks) > 1,
        hours=int(rules.window.total_seconds() // 3600),
        site=rules.site,
        senders=draft.text("message.or").join(rules.senders),
        minutes=int(rules.resend_after.total_seconds() // 60),
        overdue=draft.text("stage.sms_overdue", provider=_provider(draft)) if overdue else "",
    )


def person_words(draft: Draft, person: str) -> str:
    """What a responsible person is called; who is both is called so."""
    if len(draft.persons) == 1 and draft.filing.site_manager_same:
        return draft.text("stage.person.both_roles")
    return draft.text(f"stage.person.{person}")


def _line(draft: Draft, task: SmsTask, rules: SmsRules) -> str:
    if task.is_verified:
        state = draft.text("stage.sms.verified")
    elif task.is_overdue(draft.now):
        state = draft.text("stage.sms.overdue")
    elif task.due_at is None:
        state = draft.text("stage.sms.waiting")
    else:
        state = draft.text(
            "stage.sms.running",
            left=left_words(draft, task.due_at),
            until=moment_words(draft, task.due_at),
            is_estimate=task.is_estimate,
        )
    return draft.text(
        "stage.sms_person",
        who=person_words(draft, task.person),
        mobile=mask_phone(task.mobile) if task.mobile else "",
        paper="" if task.is_verified else _paper(draft, task, rules),
        state=state,
    )


def _paper(draft: Draft, task: SmsTask, rules: SmsRules) -> str:
    """Which characters this person types beside the code."""
    certificate = task.certificate or CertificateType.ID_CARD
    return draft.text(
        f"stage.sms_paper.{task.paper}",
        certificate=draft.text(f"choice.cert_type.{certificate.value}"),
        tail=rules.tail,
    )


def is_handed_on(draft: Draft) -> bool:
    """Whether the bureau has the filing and waits for SMS, so that a code may come."""
    state = draft.stage
    return state.stage is Stage.SMS_VERIFICATION or (
        state.stage is Stage.SUBMITTED and state.when(EventType.SUBMITTED_TO_BUREAU) is not None
    )


# --- troubles --------------------------------------------------------------------------------


def offer_troubles(draft: Draft) -> None:
    """The common troubles as buttons."""
    draft.say(ReplyKind.QUESTION, "stage.sms_which_trouble", buttons=trouble_buttons(draft))
    draft.ask_after = False


def trouble_buttons(draft: Draft) -> tuple[Button, ...]:
    """One button for each trouble, and one for a person."""
    return (
        *(Button(draft.text(f"stage.trouble.{name}"), f"sms:{name}") for name in TROUBLES),
        draft.button("cmd:handover", "person"),
    )


def hear_trouble(draft: Draft, text: str) -> bool:
    """Answer a trouble told in words, while a code is waited for; False if none was."""
    if not is_handed_on(draft):
        return False
    name = trouble(text)
    if name is None or (name == "other_busy" and len(draft.persons) == 1):
        return False
    help_with(draft, name)
    return True


def help_with(draft: Draft, name: str) -> None:
    """What to do about one trouble."""
    if name not in TROUBLES:
        offer_troubles(draft)
        return
    rules = rules_of(draft)
    draft.say(
        ReplyKind.ANSWER,
        f"stage.trouble_help.{name}",
        site=rules.site,
        senders=draft.text("message.or").join(rules.senders),
        minutes=int(rules.resend_after.total_seconds() // 60),
        resends=rules.max_resends,
        wrong=rules.max_wrong,
        tail=rules.tail,
        hours=int(rules.window.total_seconds() // 3600),
        provider=_provider(draft),
        contact=draft.world.reached_by(draft.case.locale),
        buttons=(draft.button("sms:more", "sms_more"), draft.button("cmd:handover", "person")),
    )
    draft.ask_after = False


def _provider(draft: Draft) -> str:
    return draft.world.provider.short_name(draft.case.locale)


# --- codes nobody asked for ------------------------------------------------------------------


def keep_code_out(
    draft: Draft,
    text: str,
    *,
    then: Callable[[Draft, str], None],
    buttons: tuple[Button, ...] = (),
) -> bool:
    """Blank a code typed into the chat, say why, and read the rest; False if there is none."""
    code = _code_in(draft, text)
    if code is None:
        return False
    masked = text[: code.start()] + "******" + text[code.end() :]
    draft.heard = masked
    draft.delete_inbound = draft.is_cautious
    site = rules_of(draft).site
    draft.say(ReplyKind.NOTICE, "stage.code_not_wanted", site=site, buttons=buttons)
    rest = text[: code.start()] + text[code.end() :]
    if len(_NAMES_A_CODE.sub("", rest).strip(" :：是为,，.。")) > 1:
        then(draft, rest)
    return True


def _code_in(draft: Draft, text: str) -> re.Match[str] | None:
    found = _CODE.search(text)
    if found is None:
        return None
    if _NAMES_A_CODE.search(text):
        return found
    if draft.stage.stage not in _AT_SMS or _NO_CODE.search(text):
        return None
    return found
