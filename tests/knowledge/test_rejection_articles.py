"""Every reason for a return has its article, told from the catalogue and from nowhere else."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.answering import Knowledge
from knowledge.article_checks import article_problems
from knowledge.articles import load_articles
from knowledge.provider import load_provider
from knowledge.rejection_wording import load_rejection_wording, tell_rejection
from knowledge.rejections import REDO, load_rejections
from knowledge.rules_loader import load_rulebook
from knowledge.toml_reader import LOCALES

REJECTIONS = load_rejections()
KNOWLEDGE = Knowledge(load_rulebook(), load_provider("qingcloud"))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", REJECTIONS)
def test_a_reason_has_an_article_that_tells_cause_and_cure(code: str, locale: str) -> None:
    told = KNOWLEDGE.tell(f"rejection_{code.lower()}", locale=locale, on=date(2026, 11, 26))
    assert told is not None
    assert REJECTIONS[code].cause[locale] in told.text
    assert REJECTIONS[code].cure[locale] in told.text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", REJECTIONS)
def test_cause_and_cure_stand_in_the_catalogue_only(code: str, locale: str) -> None:
    article = load_articles(locale)[f"rejection_{code.lower()}"]
    assert f"rejection('{code}')" in article.body
    assert REJECTIONS[code].cause[locale] not in article.body
    assert REJECTIONS[code].cure[locale] not in article.body


def test_whatever_a_reason_names_can_be_said() -> None:
    for locale in LOCALES:
        wording = load_rejection_wording()[locale]
        assert wording.redo.keys() == REDO
        assert {
            field for one in REJECTIONS.values() for field in one.fields
        } <= wording.fields.keys()
        for code in REJECTIONS:
            assert "{" not in tell_rejection(code, locale)


def test_a_reason_that_does_not_exist_is_told_with_its_line(tmp_path: Path) -> None:
    shipped = Path("knowledge/articles/zh-CN/rejection_r18.md").read_text(encoding="utf-8")
    folder = tmp_path / "articles" / "zh-CN"
    folder.mkdir(parents=True)
    (folder / "own.md").write_text(shipped.replace("'R18'", "'R99'"), encoding="utf-8")
    problems = [one for one in article_problems(tmp_path) if "R99" in one.message]
    assert len(problems) == 1
    assert problems[0].line == shipped[: shipped.index("{{")].count("\n") + 1
