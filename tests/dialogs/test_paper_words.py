"""Every paper any filing can need has a name, a reason, needs, a sample and sources, in words."""

from dataclasses import replace
from datetime import date

import pytest

from bot.pictures.specimen_papers import PAPERS
from dialogs.turn.collecting import ask_for
from dialogs.turn.draft import Draft
from dialogs.turn.paper_words import drawn_as, line_of, name_of, say_sample, say_why
from dialogs.wording import LOCALES
from dialogs.world import World
from filing.materials.checklist import Item, checklist
from filing.materials.material import MaterialKind
from filing.provinces import PROVINCES
from filing.subject import SubjectKind
from tests.dialogs.talk import Talk, fill
from tests.filing.materials.test_checklist import CASES, filing, put


def every_item(world: World) -> list[Item]:
    """The papers of all cases of the table, and of every kind of subject in every province."""
    filings = [
        (filing(one["province"], one["kind"], one.get("answers")), one.get("websites", 1))
        for one in CASES
    ]
    filings += [
        (put(filing(province.name, kind.value), "site_manager_same", False), 40)
        for kind in (SubjectKind.ENTERPRISE, SubjectKind.INDIVIDUAL, SubjectKind.GOVERNMENT)
        for province in PROVINCES
    ]
    return [
        item
        for made, websites in filings
        for item in checklist(
            made, world.materials, world.rulebook, world.provider, date(2026, 11, 24),
            websites=websites,
        )
    ]  # fmt: skip


@pytest.fixture(scope="module")
def items(world: World) -> list[Item]:
    return every_item(world)


def test_the_cases_show_every_paper_the_rules_know(items: list[Item], world: World) -> None:
    assert {item.slot for item in items} >= {
        one.slot for one in world.materials.requirements if one.slot.kind is not MaterialKind.OTHER
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_paper_is_told_in_words(locale: str, items: list[Item], talk: Talk) -> None:
    fill(talk, "site_name")
    draft = Draft(replace(talk.case, locale=locale), talk.world, talk.now, lambda: "f")
    seen: set[object] = set()
    for item in items:
        about = (item.slot, item.certificate, item.documents, item.any_of)
        if about in seen:
            continue
        seen.add(about)
        assert name_of(draft, item).strip() and line_of(draft, item).strip()
        draft.replies.clear()
        say_why(draft, item)
        assert draft.replies[0].citations and all(one.title for one in draft.replies[0].citations)
        assert draft.replies[0].text.count("\n· ") == len(item.needs)
        say_sample(draft, item)
        [sample] = draft.replies[1].files
        assert sample.picture is not None and sample.alt and drawn_as(item) in PAPERS
        for reply in draft.replies:
            assert "{{" not in reply.text and "None" not in reply.text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_paper_is_asked_for_in_a_few_lines(locale: str, talk: Talk) -> None:
    fill(talk)
    draft = Draft(replace(talk.case, locale=locale), talk.world, talk.now, lambda: "f")
    for item in checklist(
        draft.filing, talk.world.materials, talk.world.rulebook, talk.world.provider, draft.today
    ):
        ask_for(draft, item)
        assert len(draft.replies[-1].text.splitlines()) <= 5
