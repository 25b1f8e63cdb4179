"""Write filing/data/mobile_areas.txt from the tables in the phonenumbers library."""

import importlib
import pkgutil
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import phonenumbers
from phonenumbers import geodata

from filing.mobile_areas import LETTERS, UNKNOWN
from filing.provinces import PROVINCES

TARGET = Path(__file__).parents[1] / "filing" / "data" / "mobile_areas.txt"
HEAD = """\
# The province each range of mobile numbers was given out in. One line for the first three
# digits; then, for the four digits after them from 0000 to 9999, runs of a letter and how many
# ranges it holds for (no number: one). Letters: A-Z a-e are the 31 provinces in the order of
# their codes, '-' is unknown.
# Source: phonenumbers {version} (Apache-2.0), geodata for +86; taken on {day}.
"""


def _areas() -> dict[str, str]:
    """Number prefix without +86 -> letter of its province."""
    letters = dict(zip((province.name for province in PROVINCES), LETTERS, strict=True))
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(geodata.__path__, f"{geodata.__name__}."):
        table = getattr(importlib.import_module(module.name), "data", {})
        for prefix, names in table.items():
            if prefix.startswith("861"):
                name = names.get("zh", "")
                letter = next(
                    (sign for short, sign in letters.items() if name.startswith(short)), UNKNOWN
                )
                found[prefix[2:]] = letter
    return found


def _letter(number: str, areas: dict[str, str]) -> str:
    """The letter of a seven-digit range, by its longest known prefix."""
    prefixes = (number[:length] for length in range(len(number), 1, -1))
    return next((areas[prefix] for prefix in prefixes if prefix in areas), UNKNOWN)


def _line(head: str, areas: dict[str, str]) -> str:
    letters = (_letter(f"{head}{rest:04}", areas) for rest in range(10_000))
    runs = ((letter, len(list(run))) for letter, run in groupby(letters))
    return (
        head
        + " "
        + "".join(letter + (str(length) if length > 1 else "") for letter, length in runs)
    )


def main() -> None:
    """Replace the data file."""
    areas = _areas()
    lines = [_line(str(head), areas) for head in range(130, 200)]
    known = [line for line in lines if not line.endswith(f"{UNKNOWN}10000")]
    head = HEAD.format(version=phonenumbers.__version__, day=datetime.now(UTC).date().isoformat())
    TARGET.write_text(head + "\n".join(known) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
