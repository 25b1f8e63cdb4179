"""The checklist of a filing: which papers, in words a lawyer reads, and how each stands."""

import dataclasses
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filing.finding import Level
from filing.materials.checklist import Item, State, checklist, is_complete, next_open
from filing.materials.material import REMOVED, Material, PictureFinding, Side, Verdict, slot_of
from filing.model import Certificate, Filing, ResponsiblePerson, Subject, Website
from filing.provinces import PROVINCES
from filing.rulebook import Rulebook
from filing.subject import CERTIFICATES_OF, CertificateType, SubjectKind
from knowledge.materials import load_material_rules
from knowledge.provider import load_provider
from knowledge.rules_loader import load_rulebook

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "checklists.toml").read_text(encoding="utf-8")
)["case"]
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
RULES = load_material_rules()
PROVIDER = load_provider("qingcloud")
LICENCE = "subject_certificate.subject"
IDENTITY = "identity_document.principal"
LETTER = "truthfulness_letter.subject"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


def filing(province: str, kind: str, answers: dict[str, Any] | None = None) -> Filing:
    """A filing in which all is said that decides on papers."""
    subject_kind = SubjectKind(kind)
    is_individual = subject_kind is SubjectKind.INDIVIDUAL
    certificate = CERTIFICATES_OF[subject_kind][0]
    number = "320102198001010024" if is_individual else "91320114MA1ABCD03G"
    made = Filing(
        subject=Subject(
            kind=subject_kind,
            certificate=Certificate(certificate, number, None, date(2040, 1, 1)),
            name="张样例" if is_individual else "样例茶业有限公司",
            province=province,
            address=f"{province}样例路1号",
        ),
        principal=ResponsiblePerson(
            "张样例",
            Certificate(CertificateType.ID_CARD, "320102198001010024", None, date(2040, 1, 1)),
            None if is_individual else True,
        ),
        site_manager_same=True,
        website=Website(
            name="随手记" if is_individual else "样例茶业官网",
            domain="example-tea.cn",
            domain_holder="subject",
            domain_valid_until=date(2030, 1, 1),
            pre_approval=("none",),
        ),
    )
    for path, value in (answers or {}).items():
        made = put(made, path, tuple(value) if isinstance(value, list) else value)
    return made


def put(whole: Any, path: str, value: object) -> Any:
    """The same with one dotted field changed."""
    name, _, rest = path.partition(".")
    if rest:
        value = put(getattr(whole, name), rest, value)
    elif path == "type":
        value = CertificateType(cast(str, value))
    return dataclasses.replace(whole, **{name: value})


def shown(items: tuple[Item, ...]) -> list[str]:
    """The slots, advised ones in brackets."""
    return [item.slot.key if item.required else f"({item.slot.key})" for item in items]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_filing_needs(case: dict[str, Any], rulebook: Rulebook) -> None:
    made = filing(case["province"], case["kind"], case.get("answers"))
    items = checklist(made, RULES, rulebook, PROVIDER, TODAY, websites=case.get("websites", 1))
    assert shown(items) == case["papers"]
    for slot, documents in case.get("documents", {}).items():
        [item] = [item for item in items if item.slot.key == slot]
        assert list(item.documents) == documents


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(SubjectKind)),
    province=st.sampled_from([one.name for one in PROVINCES]),
    same=st.booleans(),
    legal=st.booleans(),
    websites=st.integers(1, 40),
)
def test_a_checklist_is_stable_and_every_item_has_source_and_needs(
    kind: SubjectKind, province: str, same: bool, legal: bool, websites: int
) -> None:
    made = filing(province, kind.value, {"site_manager_same": same})
    if kind is not SubjectKind.INDIVIDUAL:
        made = put(made, "principal.is_legal_representative", legal)
    rulebook = load_rulebook_once()
    items = checklist(made, RULES, rulebook, PROVIDER, TODAY, websites=websites)
    assert items == checklist(made, RULES, rulebook, PROVIDER, TODAY, websites=websites)
    slots = [item.slot for item in items]
    assert len(set(slots)) == len(slots)
    for item in items:
        assert slot_of(item.slot.key) == item.slot
        assert item.source.title
        assert item.needs[-1].code == "format" and all(need.source.title for need in item.needs)
        assert item.state is State.MISSING


_RULEBOOKS: list[Rulebook] = []


def load_rulebook_once() -> Rulebook:
    if not _RULEBOOKS:
        _RULEBOOKS.append(load_rulebook())
    return _RULEBOOKS[0]


# ---- how a slot stands


def piece(
    name: str, slot: str = LICENCE, *, minute: int = 0, side: Side = Side.WHOLE, **more: Any
) -> Material:
    """One received picture."""
    at = NOW + timedelta(minutes=minute)
    return Material(name, slot, side, at, "image/jpeg", 500_000, 1600, 1200, **more)


def verdict(name: str, accepted: bool = True, code: str = "", by: str = "小李") -> Verdict:
    """What was said of a picture."""
    return Verdict(name, accepted, NOW, by, code)


def item_of(
    rulebook: Rulebook,
    slot: str,
    materials: tuple[Material, ...],
    verdicts: tuple[Verdict, ...] = (),
    province: str = "江苏",
) -> Item:
    """How a slot of a company stands."""
    items = checklist(
        filing(province, "enterprise"), RULES, rulebook, PROVIDER, TODAY,
        materials=materials, verdicts=verdicts,
    )  # fmt: skip
    return next(item for item in items if item.slot.key == slot)


BLUR = PictureFinding("blur", Level.REFUSE)
DARK = PictureFinding("dark", Level.WARN)


@pytest.mark.parametrize(
    "materials, verdicts, state",
    [
        ((), (), State.MISSING),
        ((piece("a"),), (), State.RECEIVED),
        ((piece("a", findings=(DARK,)),), (), State.RECEIVED),
        ((piece("a", findings=(BLUR,)),), (), State.PROBLEM),
        ((piece("a", findings=(BLUR,)), piece("b", minute=1)), (), State.RECEIVED),
        ((piece("a", findings=(BLUR,)),), (verdict("a"),), State.ACCEPTED),
        ((piece("a"),), (verdict("a"),), State.ACCEPTED),
        ((piece("a"),), (verdict("a", accepted=False),), State.PROBLEM),
        ((piece("a"),), (verdict("a", accepted=False), verdict("a")), State.ACCEPTED),
        ((piece("a"), piece("b", minute=1)), (verdict("a"),), State.RECEIVED),
        ((piece("a"),), (verdict("a", False, REMOVED, "applicant"),), State.MISSING),
        ((piece("a", valid_until=date(2026, 11, 1)),), (), State.PROBLEM),
    ],
)
def test_a_slot_stands_by_its_last_piece_and_the_last_verdict(
    materials: tuple[Material, ...],
    verdicts: tuple[Verdict, ...],
    state: State,
    rulebook: Rulebook,
) -> None:
    assert item_of(rulebook, LICENCE, materials, verdicts).state is state


def test_replaced_versions_are_kept(rulebook: Rulebook) -> None:
    item = item_of(rulebook, LICENCE, (piece("a"), piece("b", minute=1)))
    assert [one.id for one in item.current] == ["b"]
    assert [one.id for one in item.replaced] == ["a"]
    assert [one.id for one in item.versions] == ["a", "b"]


def test_a_version_taken_back_gives_the_one_before_its_place_again(rulebook: Rulebook) -> None:
    taken_back = (verdict("b", False, REMOVED, "applicant"),)
    item = item_of(rulebook, LICENCE, (piece("a"), piece("b", minute=1)), taken_back)
    assert [one.id for one in item.current] == ["a"]


def test_a_card_is_whole_once_both_sides_came(rulebook: Rulebook) -> None:
    front = piece("f", IDENTITY, side=Side.FRONT)
    back = piece("b", IDENTITY, side=Side.BACK, minute=5)
    first = item_of(rulebook, IDENTITY, (front,))
    assert first.state is State.MISSING and first.lacks == (Side.BACK,)
    both = item_of(rulebook, IDENTITY, (front, back))
    assert both.state is State.RECEIVED and [one.id for one in both.current] == ["f", "b"]
    again = piece("f2", IDENTITY, side=Side.FRONT, minute=9)
    assert {one.id for one in item_of(rulebook, IDENTITY, (front, back, again)).current} == {
        "f2", "b",
    }  # fmt: skip
    whole = piece("w", IDENTITY, minute=10)
    assert [one.id for one in item_of(rulebook, IDENTITY, (front, back, whole)).current] == ["w"]


def test_several_papers_of_a_slot_add_up(rulebook: Rulebook) -> None:
    notice, letter = piece("n", LETTER), piece("l", LETTER, minute=3)
    assert item_of(rulebook, LETTER, (notice,)).state is State.MISSING
    assert item_of(rulebook, LETTER, (notice, letter)).state is State.RECEIVED


def test_pages_that_came_together_are_one_paper(rulebook: Rulebook) -> None:
    item = item_of(rulebook, LICENCE, (piece("p1"), piece("p2")))
    assert [one.id for one in item.current] == ["p1", "p2"]


@pytest.mark.parametrize(
    "slot, province, until, state",
    [
        (IDENTITY, "江苏", date(2027, 2, 24), State.EXPIRING),  # three months or less
        (IDENTITY, "江苏", date(2027, 2, 25), State.RECEIVED),
        (IDENTITY, "江苏", date.max, State.RECEIVED),
        ("domain_certificate.subject", "江苏", date(2027, 2, 22), State.EXPIRING),  # 90 days
        ("domain_certificate.subject", "江苏", date(2027, 2, 23), State.RECEIVED),
        ("domain_certificate.subject", "上海", date(2027, 5, 23), State.EXPIRING),  # 180 days
        (LICENCE, "上海", date(2027, 11, 24), State.EXPIRING),  # a year
        (LICENCE, "江苏", date(2026, 12, 1), State.RECEIVED),
    ],
)
def test_a_paper_must_stay_valid_as_long_as_the_rules_ask(
    slot: str, province: str, until: date, state: State, rulebook: Rulebook
) -> None:
    received = (piece("a", slot, valid_until=until),)
    assert item_of(rulebook, slot, received, province=province).state is state


def test_a_list_is_complete_when_nothing_required_is_open(rulebook: Rulebook) -> None:
    made = filing("湖南", "enterprise", {"website.name": "茗香天下"})
    received: tuple[Material, ...] = ()
    order = []
    while True:
        items = checklist(made, RULES, rulebook, PROVIDER, TODAY, materials=received)
        item = next_open(items)
        assert is_complete(items) is (item is None)
        if item is None:
            break
        order.append(item.slot.key)
        received += (piece(item.slot.key, item.slot.key),)
    assert order == [LICENCE, IDENTITY, "domain_certificate.subject"]
    assert not items[-1].required and items[-1].is_open
