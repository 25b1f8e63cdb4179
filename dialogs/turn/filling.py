"""Answers read from a picture of a paper: shown to be confirmed, and differences asked about."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from dialogs import vocabulary
from dialogs.flow import Step
from dialogs.journey import latest
from dialogs.message import Reply, ReplyKind
from dialogs.ports import Inspection
from dialogs.turn.by_photo import OF_BODY, OF_PERSON, is_filled_by, to_check
from dialogs.turn.draft import Draft
from dialogs.turn.proposals import count, volunteer
from filing.identifiers.address import address_parts
from filing.identifiers.org_name import same_name
from filing.invalid import Invalid
from filing.materials.material import MaterialKind, PictureFinding, Slot
from filing.materials.picture_code import PictureCode
from filing.subject import PERSONAL_CERTIFICATES, SubjectKind

DIFFERING: Final = "differing"
"""What is pending while the applicant is asked which of two values is right."""

_TAKE, _KEEP = "take", "keep"


def fill_from(draft: Draft, slot: Slot, seen: Inspection) -> None:
    """Keep what was read from a picture, to be read back; it counts once it is confirmed.

    What was answered already and agrees is not said again, what differs is asked about.
    """
    if not draft.is_open:
        return
    if not seen.read:
        _say_unread(draft, slot)
        return
    known = _given(draft)
    news: dict[str, str] = {}
    differing: list[tuple[str, str]] = []
    for step, value in _values(draft, slot, seen):
        before = known.get(step.key)
        if before is None:
            news[step.key] = value
        elif not same_name(before, value) and step.key not in draft.journey.derived:
            differing.append((step.key, value))
    asked_about = {key for key, _ in differing}
    others = [one for one in draft.attention.differing if one[0] not in asked_about]
    draft.attend(differing=(*others, *differing))
    if news:
        volunteer(draft, news)
        draft.attend(from_picture=True)


def _values(draft: Draft, slot: Slot, seen: Inspection) -> Iterator[tuple[Step, str]]:
    """What was read, step by step in the flow's order, as far as the step takes it."""
    said = _fields(draft, slot, seen)
    context = draft.context
    for step in draft.flow.steps:
        text = said.get(step.fills or "")
        if text is None or step.ask is None:
            continue
        value = step.ask.parse(text, context)
        if isinstance(value, Invalid):
            continue
        # A number is judged by the type of paper that was read with it.
        context = replace(context, values={**context.values, step.key: value})
        yield step, value


def _fields(draft: Draft, slot: Slot, seen: Inspection) -> Mapping[str, str]:
    """What was read, by the field of the filing it fills."""
    is_personal = seen.certificate in PERSONAL_CERTIFICATES
    subject = draft.filing.subject
    if slot.kind is MaterialKind.SUBJECT_CERTIFICATE and not is_personal:
        said = _named(OF_BODY, "subject", seen)
        if (kind := _kind(seen)) is not None and subject.kind in _BY_TYPE.values():
            said["subject.kind"] = kind.value
        place = address_parts(seen.read.get("address", "")).province_name
        if place is not None and "100000" in seen.read.get("number", "")[2:8]:
            said["subject.province"] = place  # registered with the state: the number has none
        if _leads(draft):
            said |= _named({"legal_representative": "name"}, "principal", seen)
        return said
    if not is_personal or slot.kind not in _OF_PEOPLE:
        return {}
    if subject.kind is SubjectKind.INDIVIDUAL and slot.whose in ("subject", "principal"):
        return _named({**OF_PERSON, "address": "certificate.address"}, "subject", seen)
    if slot.whose not in ("principal", "site_manager"):
        return {}
    return _named(OF_PERSON, slot.whose, seen)


_OF_PEOPLE: Final = frozenset({MaterialKind.IDENTITY_DOCUMENT, MaterialKind.SUBJECT_CERTIFICATE})
_BY_TYPE: Final = {
    "个体工商户": SubjectKind.SOLE_PROPRIETOR,
    "公司": SubjectKind.ENTERPRISE,
    "合伙企业": SubjectKind.ENTERPRISE,
    "个人独资企业": SubjectKind.ENTERPRISE,
}
"""What stands under 类型 on a business licence, and the kind of subject it makes."""


def _kind(seen: Inspection) -> SubjectKind | None:
    told = seen.read.get("type", "")
    return next((kind for words, kind in _BY_TYPE.items() if words in told), None)


def _leads(draft: Draft) -> bool:
    """Whether the principal is, or by the province's rules must be, the legal representative."""
    said = draft.filing.principal.is_legal_representative
    if said is not None:
        return said
    return draft.ground.rule("entity_leader_must_be_legal_rep") in (True, "true")


def _named(names: Mapping[str, str], whose: str, seen: Inspection) -> dict[str, str]:
    said = {
        f"{whose}.{field}": seen.read[name] for name, field in names.items() if name in seen.read
    }
    if seen.certificate in PERSONAL_CERTIFICATES and f"{whose}.certificate.number" in said:
        said[f"{whose}.certificate.type"] = str(seen.certificate)
    return said


def _say_unread(draft: Draft, slot: Slot) -> None:
    """That nothing could be read, where somebody who was offered it waits for it."""
    if slot.kind not in _OF_PEOPLE or not draft.world.reads_papers:
        return
    if any(
        step.key not in draft.journey.values and is_filled_by(draft, step, slot)
        for step in draft.flow.steps
    ):
        draft.notice("message.picture_unread")


def without_asked(
    draft: Draft, findings: tuple[PictureFinding, ...], seen: Inspection
) -> tuple[PictureFinding, ...]:
    """Findings without the differences from answers that are asked about (``ask_about``)."""
    if not draft.is_open:
        return findings
    asked = {code for code, name in _ASKED.items() if name in seen.read}
    return tuple(one for one in findings if one.code not in asked)


_ASKED: Final = {PictureCode.NAME_DIFFERS: "name", PictureCode.NUMBER_DIFFERS: "number"}

# ---- differences --------------------------------------------------------------------------


def ask_about(draft: Draft) -> bool:
    """Ask which of two values is right, one pair after the other; False if none differ.

    A question passed over is not put again: what was answered stays.
    """
    left = draft.attention.differing
    before = draft.case.attention
    if left and before.pending == DIFFERING and left[:1] == before.differing[:1]:
        left = left[1:]
    known = _given(draft)
    left = tuple((key, value) for key, value in left if known.get(key) not in (None, value))
    draft.attend(differing=left)
    if not left or not draft.is_open:
        return False
    _ask(draft, *left[0])
    return True


def _given(draft: Draft) -> Mapping[str, str]:
    """Every answer there is, those included that were confirmed before their turn."""
    record = draft.case.filing
    answers = latest(record.answers) if record is not None else {}
    doubtful = draft.journey.proposals.keys() - draft.journey.early
    early = {
        key: one.value
        for key, one in answers.items()
        if one.value is not None and key not in doubtful
    }
    return {**early, **draft.journey.values}


def _ask(draft: Draft, key: str, value: str) -> None:
    step = draft.flow[key]
    draft.attend(pending=DIFFERING)
    draft.replies.append(
        Reply(
            ReplyKind.QUESTION,
            draft.text(
                "message.picture_differs",
                label=draft.text(f"step.{key}.label"),
                said=to_check(draft, step, _given(draft)[key]),
                read=to_check(draft, step, value),
            ),
            (
                draft.button(f"picture:{_TAKE}:{key}", "picture_take"),
                draft.button(f"picture:{_KEEP}:{key}", "picture_keep"),
            ),
        )
    )
    draft.ask_after = False


def press_picture(draft: Draft, rest: str) -> None:
    """One of two values was chosen."""
    choice, _, key = rest.partition(":")
    asked = dict(draft.attention.differing)
    if key not in asked or choice not in (_TAKE, _KEEP):
        draft.notice("message.stale_button")
        return
    draft.attend(
        pending=None,
        differing=tuple(one for one in draft.attention.differing if one[0] != key),
    )
    step = draft.flow[key]
    if choice == _TAKE:
        count(draft, step, asked[key])
    else:
        draft.notice("message.picture_kept", label=draft.text(f"step.{key}.label"))


def hear_picture(draft: Draft, text: str) -> bool:
    """Take words that choose between two values; False if they say something else."""
    differing = draft.attention.differing
    if draft.attention.pending != DIFFERING or not differing:
        return False
    choice = vocabulary.read("picture_or_said", text)
    if choice is not None:
        press_picture(draft, f"{choice}:{differing[0][0]}")
    elif vocabulary.read("yes_no", text) is not None:  # a yes to which of the two?
        _ask(draft, *differing[0])
    else:
        return False
    return True
