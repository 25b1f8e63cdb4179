"""Every example is an answer that this applicant's question would take."""

from datetime import datetime

import pytest

from dialogs.answers.base import Context
from dialogs.assemble import assemble
from dialogs.turn.asking import example_of
from dialogs.turn.draft import Draft
from dialogs.turn.findings import refusals, touching
from dialogs.world import SHANGHAI, World, day_of
from filing.identifiers.address import parse_address
from filing.invalid import Invalid
from filing.provinces import PROVINCES, Province
from filing.regions import capital_district
from filing.subject import CERTIFICATES_OF, CertificateType, SubjectKind
from tests.dialogs.talk import Talk, right_answer

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
WAYS = [(kind, type_) for kind in SubjectKind for type_ in CERTIFICATES_OF[kind]]


@pytest.mark.parametrize("kind, type_", WAYS, ids=lambda one: one.value)
def test_the_example_of_every_question_is_taken(
    world: World, kind: SubjectKind, type_: CertificateType
) -> None:
    talk = Talk(world, NOW)
    talk.say("你好")
    own = {"subject_kind": kind.value, "cert_type": type_.value, "site_manager_same": "no"}
    for _ in range(80):
        asking = talk.asking
        if asking is None or asking == "confirm":
            break
        _assert_taken(talk, asking)
        value = own.get(asking) or right_answer(talk, asking)
        talk.press(f"answer:{asking}:{value}")
        assert talk.asking != asking, (asking, value, talk.replies[-1].text)
    assert talk.asking == "confirm"


def _assert_taken(talk: Talk, key: str) -> None:
    draft = Draft(talk.case, talk.world, talk.now, lambda: "f")
    step = draft.flow[key]
    assert step.ask is not None
    example = example_of(draft, step)
    read = step.ask.parse(example, Context(day_of(talk.now), talk.values, "zh-CN"))
    assert not isinstance(read, Invalid), (key, example, read)
    if step.strict and step.fills is not None:
        after = assemble(draft.flow, {**talk.values, key: read})
        refused = refusals(touching(draft, after, step.fills))
        assert [one.code for one in refused if one.field == step.fills] == [], (key, example)


@pytest.mark.parametrize("province", PROVINCES, ids=lambda one: one.english)
def test_there_is_a_district_to_show_in_every_province(province: Province) -> None:
    region = capital_district(province.adcode)
    assert region.startswith(province.full_name)
    assert isinstance(parse_address(f"{region}示例路1号2幢301室", province.name), str)
