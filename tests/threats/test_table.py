"""The table of threats names a test in every row, and every test it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
TABLES = re.sub(r"## The million.*?(?=## The desk)", "", PAGE, flags=re.DOTALL)
ROWS = [
    line
    for line in TABLES.splitlines()
    if line.startswith("| ") and not line.startswith(("| Threat |", "| Item |"))
]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
PLACES = sorted(set(re.findall(r"`((?:bot|desk|storage|dialogs|tools)/[\w/.]*)`", PAGE)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_threat_has_a_test(row: str) -> None:
    assert re.search(r"`tests/[\w/]+\.py::\w+`", row)


@pytest.mark.parametrize("path, name", NAMED)
def test_every_test_named_exists(path: str, name: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^(?:async )?def {name}\(", text, re.MULTILINE), f"{path} has no {name}"


@pytest.mark.parametrize("place", PLACES)
def test_every_place_named_exists(place: str) -> None:
    assert (ROOT / place).exists()
