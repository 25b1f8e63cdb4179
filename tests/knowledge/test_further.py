"""Ways to ask collected beside the articles."""

from pathlib import Path

import pytest

from knowledge.errors import BrokenContent
from knowledge.further import further_phrasings, misplaced, read_further

ARTICLES = {"cat": None, "dog": None}


def told(folder: Path, asked: dict[str, str] | None = None) -> list[str]:
    read, problems = read_further("zh-CN", folder)
    return [str(one) for one in (*problems, *misplaced(read, ARTICLES, asked or {}))]


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_an_article_may_stand_in_several_files(tmp_path: Path) -> None:
    write(tmp_path, "zh-CN.toml", 'cat = ["猫呢"]\n')
    write(tmp_path, "zh-CN/pets.toml", 'cat = ["猫要办吗"]\ndog = ["狗呢"]\n')
    read, _ = read_further("zh-CN", tmp_path)
    assert told(tmp_path) == []
    assert [dict(one.phrasings) for one in read] == [
        {"cat": ("猫呢",)},
        {"cat": ("猫要办吗",), "dog": ("狗呢",)},
    ]


@pytest.mark.parametrize(
    "text, problem",
    [
        ("\ncats = []", "pets.toml:2: no article is 'cats'; did you mean 'cat'?"),
        (
            'cat = [\n    "狗行吗",\n    "猫呢？",\n]',
            "pets.toml:3: '猫呢？' is asked in knowledge/",
        ),
        (
            'dog = ["狗行", "狗行吗"]',
            "pets.toml:1: '狗行吗' is asked in knowledge/phrasings/zh-CN/",
        ),
        ('dog = ["狗呢", "狗呢"]', "pets.toml:1: '狗呢' is asked in"),
        ('dog = [\n    "医保备案"]', "'医保备案' is asked in neighbours.toml as well; keep it"),
        ('dog = "狗呢"', "pets.toml:1: 'dog' must be a list of texts"),
        ("dog = [1]", "pets.toml:1: 'dog' must hold texts only"),
        ("dog = ]", "pets.toml:1: not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    write(tmp_path, "zh-CN.toml", 'cat = ["猫呢"]\n')
    write(tmp_path, "zh-CN/pets.toml", text)
    found = told(tmp_path, {"医保备案": "neighbours.toml"})
    assert [one for one in found if problem in one], found


def test_the_search_refuses_a_broken_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(tmp_path, "phrasings/zh-CN.toml", "cat = 3")
    monkeypatch.setattr("knowledge.further.files", lambda _: tmp_path)
    with pytest.raises(BrokenContent, match=r"zh-CN\.toml:1"):
        further_phrasings("zh-CN")
