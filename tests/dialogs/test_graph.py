"""The flow as a graph: every question can be reached, and an edit reopens what rests on it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from dialogs.answers.base import Context
from dialogs.flow import Ground
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.world import SHANGHAI, World, day_of
from filing.invalid import Invalid
from filing.subject import SubjectKind
from tests.dialogs.talk import NUMBERS, Talk, fill, right_answer

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "cert_number": (
        *NUMBERS,
        "330106197505050014",
        "91350100M000100Y43",
        "X87654321",
        "示例证第0002号",
    ),
    "province": ("浙江", "广东"),
    "domain": ("example-other.cn",),
    "subject_name": ("南京别样茶业有限公司", "李样例"),
    "cert_valid_until": ("2036-01-01",),
    "cert_address": ("江苏省南京市玄武区中山路2号",),
    "address": (
        "江苏省南京市玄武区中山路2号",
        "浙江省杭州市西湖区文二路2号",
        "广东省深圳市福田区深南路2号",
        "福建省福州市台江区五一路2号",
    ),
    "investor": ("李样例",),
    "principal_name": ("李样例",),
    "principal_id_number": ("330106197505050014", *NUMBERS),
    "principal_id_valid_until": ("2036-01-01",),
    "phone": ("13600136000",),
    "office_phone": ("025-52345679",),
    "emergency_phone": ("13500135000",),
    "email": ("other@example-mail.cn",),
    "site_name": ("清晨读书笔记",),
    "pre_approval_number": ("苏新出〔2026〕2号",),
    "ip": ("121.40.1.11",),
    "server_months_left": ("10",),
    "domain_verified_on": ("2026-10-01",),
    "domain_valid_until": ("2029-10-08",),
    "site_manager_name": ("王样例",),
    "site_manager_id_number": ("320102198001010024", *NUMBERS),
    "site_manager_id_valid_until": ("2036-01-01",),
    "site_manager_phone": ("13400134000",),
    "site_manager_email": ("wang@example-mail.cn",),
    "remark": ("另一段说明，介绍网站内容",),
}
"""Second answers to open questions; the first that fits is taken."""


def applicant(world: World, kind: SubjectKind, **own: str) -> Talk:
    """Somebody of this kind who has answered everything."""
    talk = Talk(world, NOW)
    talk.say("你好")
    answers = {"subject_kind": kind.value, **own}
    for _ in range(80):
        asking = talk.asking
        if asking is None or asking == "confirm":
            return talk
        value = answers.get(asking) or right_answer(talk, asking)
        talk.press(f"answer:{asking}:{value}")
        assert talk.asking != asking, (asking, value, talk.replies[-1].text)
    raise AssertionError("the questions do not end")


_OLD_CODE = {"cert_type": "org_code", "cert_number": "MA1ABCD0-3"}  # tells no province
PATHS = [
    {"subject_kind": "enterprise", "site_manager_same": "no", "pre_approval": "publishing"},
    {"subject_kind": "enterprise", "province": "上海", **_OLD_CODE},
    {"subject_kind": "enterprise", "province": "福建", **_OLD_CODE},
    {"subject_kind": "individual", "cert_type": "id_card", "province": "广东"},
    {"subject_kind": "individual", "cert_type": "passport", "province": "上海"},
]


def test_every_question_is_reached_by_somebody(world: World) -> None:
    reached: set[str] = set()
    for kind in SubjectKind:
        reached |= applicant(world, kind).values.keys()
    for path in PATHS:
        own = dict(path)
        kind = SubjectKind(own.pop("subject_kind"))
        reached |= _reached(world, kind, own)
    assert [step.key for step in FIRST_FILING.steps if step.key not in reached] == []


def _reached(world: World, kind: SubjectKind, own: dict[str, str]) -> set[str]:
    talk = Talk(world, NOW)
    fill(talk, until="subject_kind")
    seen = set(talk.values)
    talk.press(f"answer:subject_kind:{kind.value}")
    while (asking := talk.asking) is not None:
        seen |= {asking, *talk.values}
        if asking == "confirm":
            break
        value = own.get(asking) or right_answer(talk, asking)
        talk.press(f"answer:{asking}:{value}")
        assert talk.asking != asking, (asking, value, talk.replies[-1].text)
    return seen


@pytest.mark.parametrize("kind", SubjectKind)
def test_an_edit_reopens_exactly_what_rests_on_it(world: World, kind: SubjectKind) -> None:
    done = applicant(world, kind, site_manager_same="no")
    assert done.asking == "confirm"
    for step in done.standing.journey.asked:
        if step.consent is not None:
            continue
        value = _other(done, step.key)
        assert value is not None, f"no second answer to {step.key}"
        talk = _fork(done)
        talk.press(f"edit:{step.key}")
        assert talk.asking == step.key, "every answer can be opened again"
        talk.press(f"answer:{step.key}:{value}")
        expected, found = _declared(done, talk, step.key, value), _reopened(done, talk)
        assert found == expected, f"{kind.value}: {step.key} = {value}"


def _fork(talk: Talk) -> Talk:
    other = Talk(talk.world, talk.now, talk.channel)
    other.case = replace(talk.case)
    return other


def _other(talk: Talk, key: str) -> str | None:
    """Another value the step takes."""
    ask = FIRST_FILING[key].ask
    assert ask is not None
    context = Context(day_of(talk.now), talk.values, "zh-CN")
    for value in ask.options(context) or OTHERWISE[key]:
        if value != talk.values[key] and not isinstance(ask.parse(value, context), Invalid):
            return value
    return None


def _reopened(before: Talk, talk: Talk) -> set[str]:
    """Which questions answered before are put again, walking on with the old answers."""
    old = before.values
    asked: set[str] = set()
    while (asking := talk.asking) is not None and asking != "confirm":
        if asking in old:
            asked.add(asking)
        for value in (old.get(asking), right_answer(talk, asking)):
            if value is not None and talk.asking == asking:
                talk.press(f"answer:{asking}:{value}")
        assert talk.asking != asking, (asking, talk.replies[-1].text)
    return asked


def _declared(before: Talk, talk: Talk, key: str, value: str) -> set[str]:
    """Which questions the declaration says are to be put again.

    Works on a fork that walks on as :func:`_reopened` does, and compares values, not bases.
    """
    old = before.values
    new: dict[str, str] = {}
    derived = before.standing.journey.derived
    walked = _fork(talk)
    _reopened(before, walked)
    final = walked.values | {key: walked.values.get(key, value)}
    reopened: set[str] = set()
    for step in FIRST_FILING.steps:
        ground = Ground(new, talk.world.rulebook, day_of(talk.now))
        if step.closes or not step.applies(ground) or step.key not in final:
            continue
        new[step.key] = final[step.key]
        is_derived = step.derive is not None and step.derive.derive(ground) is not None
        if step.key == key or is_derived or step.ask is None:
            continue
        rests_on_a_change = any(old.get(need) != new.get(need) for need in step.needs)
        if step.key in old and (rests_on_a_change or step.key in derived):
            reopened.add(step.key)
    return reopened
