"""The inventory of people's data in docs/privacy.md leaves no table out and says who deletes."""

import re
from pathlib import Path

from storage.tables import metadata
from tests.storage.test_erased_whole import OUTLIVE

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")


def _rows(columns: int) -> list[list[str]]:
    """Rows of the page's tables with so many columns that begin with a name of a table."""
    rows = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| `")]
    known = set(metadata.tables)
    return [
        [cell.strip() for cell in row]
        for row in rows
        if len(row) == columns and set(re.findall(r"`(\w+)`", row[0])) & known
    ]


def _named(rows: list[list[str]]) -> set[str]:
    return {name for row in rows for name in re.findall(r"`(\w+)`", row[0])}


def test_every_table_of_the_schema_is_in_the_inventory() -> None:
    assert _named(_rows(5)) | _named(_rows(2)) == set(metadata.tables)


def test_what_holds_something_of_people_says_why_until_when_and_who_deletes_it() -> None:
    for row in _rows(5):
        assert all(row), row
    kept = _named(_rows(5))
    assert kept.isdisjoint(OUTLIVE - {"login_attempt"})
    assert set(metadata.tables) - OUTLIVE <= kept
