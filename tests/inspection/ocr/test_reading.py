"""What is read from papers, on what the text reader saw in photographs of them (seen.jsonl).

The file is made by `python -m tests.inspection.ocr.measure 0 2 --keep FILE`.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import TypeAdapter

from bot.inspection.ocr.layout import tidied
from bot.inspection.ocr.lines import Line
from bot.inspection.ocr.reading import NOTHING, read_paper
from filing.identifiers.dates import PERMANENT
from filing.materials.material import Side
from tests.inspection.ocr.measure import TODAY, specimen, truth

_LINES: TypeAdapter[tuple[Line, ...]] = TypeAdapter(tuple[Line, ...])


class Kept(NamedTuple):
    """A paper and what was seen of it."""

    kind: str
    seed: int
    lines: tuple[Line, ...]
    symbols: tuple[str, ...]


def _kept() -> list[Kept]:
    rows = (Path(__file__).parent / "seen.jsonl").read_text("utf-8").splitlines()
    return [
        Kept(
            row["kind"],
            row["seed"],
            _LINES.validate_python(row["lines"]),
            tuple(row["symbols"]),
        )
        for row in map(json.loads, rows)
    ]


KEPT = _kept()
LICENCE = next(one for one in KEPT if one.kind == "licence")
CARD = next(one for one in KEPT if one.kind == "card_front")


def _named(one: Kept) -> str:
    return f"{one.kind} {one.seed}"


@pytest.mark.parametrize("kept", KEPT, ids=_named)
def test_nothing_wrong_is_read_and_what_it_is_is_known(kept: Kept) -> None:
    drawn = specimen(kept.kind, kept.seed)
    reading = read_paper(kept.lines, TODAY, kept.symbols)
    assert (reading.kind, reading.certificate, reading.side) == (
        drawn.kind,
        drawn.certificate,
        drawn.side,
    )
    expected = truth(drawn)
    for name, text in reading.read.items():
        if name in expected:
            assert tidied(text) == expected[name]


def test_most_of_what_stands_on_papers_is_read() -> None:
    said = [
        (kept.kind, name, name in read_paper(kept.lines, TODAY, kept.symbols).read)
        for kept in KEPT
        for name in truth(specimen(kept.kind, kept.seed))
    ]
    missed = [one[:2] for one in said if not one[2]]
    assert len(missed) <= len(said) // 20, missed


def test_a_line_the_reader_is_unsure_of_is_left_out() -> None:
    read = read_paper(LICENCE.lines, TODAY).read
    doubtful = tuple(
        replace(line, sure=0.8) if read["legal_representative"] in line.text else line
        for line in LICENCE.lines
    )
    assert read_paper(doubtful, TODAY).read == {
        name: text for name, text in read.items() if name != "legal_representative"
    }


def test_the_qr_code_is_believed_before_the_print() -> None:
    code = "91350100M000100Y43"
    read = read_paper(LICENCE.lines, TODAY, (f"统一社会信用代码:{code};",)).read
    assert read["number"] == code


def test_a_card_whose_birth_date_is_not_the_numbers_gives_no_number() -> None:
    other = tuple(
        replace(line, text="1990年1月1日")
        if line.text.startswith("188") and "年" in line.text
        else line
        for line in CARD.lines
    )
    assert other != CARD.lines
    assert "number" in read_paper(CARD.lines, TODAY).read
    assert "number" not in read_paper(other, TODAY).read


def test_sex_ethnicity_and_birth_are_not_kept() -> None:
    assert set(read_paper(CARD.lines, TODAY).read) <= {"name", "number", "address"}


def test_the_last_valid_day_of_a_card_is_a_date_where_it_has_one() -> None:
    back = next(one for one in KEPT if one.kind == "general card back")
    reading = read_paper(back.lines, TODAY)
    assert reading.side is Side.BACK
    assert reading.valid_until is not None
    assert reading.valid_until.isoformat() == reading.read["valid_until"]
    assert replace(reading, read={"valid_until": PERMANENT}).valid_until is None


def test_no_paper_gives_nothing() -> None:
    assert read_paper((), TODAY) == NOTHING
    assert "name" not in repr(read_paper(LICENCE.lines, TODAY))
