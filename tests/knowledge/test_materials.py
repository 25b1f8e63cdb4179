"""A broken file of material rules is refused with its place and a cure."""

from pathlib import Path

import pytest

from knowledge.errors import BrokenContent
from knowledge.materials import load_material_rules

SOURCE = '[sources.page]\ntitle = "样例"\n\n'
SOUND = SOURCE + (
    '[[materials]]\nkind = "commitment"\nvalid_from = 2026-01-01\nsource = "page"\n'
    'findings = ["letters.commitment"]\ndocuments = "documents"\n'
)


def written(folder: Path, text: str) -> Path:
    """An operator's content folder with this file."""
    (folder / "rules").mkdir()
    (folder / "rules" / "materials.toml").write_text(text, encoding="utf-8")
    return folder


def test_an_operators_own_file_takes_the_place_of_ours(tmp_path: Path) -> None:
    rules = load_material_rules(written(tmp_path, SOUND))
    assert [one.slot.key for one in rules.requirements] == ["commitment.subject"]


@pytest.mark.parametrize(
    "wrong, right, line, says",
    [
        ('"commitment"', '"comitment"', 5, "comitment"),
        ('"letters.commitment"', '"letters.comitment"', 8, "letters.comitment"),
        ('documents = "documents"', 'documents = "papers"', 9, "province"),
        ('source = "page"', 'source = "book"', 7, "book"),
        ("valid_from = 2026-01-01", 'valid_from = "soon"', 6, "date"),
        ('documents = "documents"', 'facts = ["units"]', 9, "units"),
        ('documents = "documents"', 'rule = "no_rule"', 9, "no_rule"),
        ('documents = "documents"', 'validity = "subject.age"', 9, "subject.age"),
        ('documents = "documents"', 'needs = ["clean"]', 9, "clean"),
        ('documents = "documents"', 'where = { county = ["甲"] }', 9, "county"),
        ('documents = "documents"', 'margins = ["no_rule"]', 9, "no_rule"),
        ('documents = "documents"', 'colour = "red"', 9, "not read"),
    ],
)
def test_a_mistake_is_told_with_line_and_cure(
    wrong: str, right: str, line: int, says: str, tmp_path: Path
) -> None:
    assert wrong in SOUND
    with pytest.raises(BrokenContent) as caught:
        load_material_rules(written(tmp_path, SOUND.replace(wrong, right)))
    problem = caught.value.problems[0]
    assert problem.line == line and says in problem.message and problem.cure
    assert problem.file.endswith("rules/materials.toml")


def test_a_file_without_papers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenContent, match="would need any paper"):
        load_material_rules(written(tmp_path, SOURCE))
