"""What a conversation is judged by: a short list in a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import read_toml
from knowledge.toml_reader import TableReader

BEST: Final = 2
"""Points of an item that is fulfilled; 1 is partly, 0 not."""

_FILE = "checklist.toml"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. ``title`` by locale."""

    key: str
    title: Mapping[str, str]


def load_checklist(content: Path | None = None) -> tuple[Item, ...]:
    """The operator's file ``desk/checklist.toml``, or the shipped one. Raises BrokenContent."""
    own = content / "desk" / _FILE if content is not None else None
    place = own if own is not None and own.is_file() else files("desk.quality") / _FILE
    file = read_toml(place, f"desk/{_FILE}")
    problems: list[Problem] = []
    items: list[Item] = []
    TableReader(file, problems, "", file.data).refuse_others("items")
    for index, table in enumerate(file.data.get("items", [])):
        reader = TableReader(file, problems, "items", table, index)
        reader.refuse_others("key", "title")
        item = Item(reader.text("key"), reader.by_locale("title"))
        if any(one.key == item.key for one in items):
            reader.wrong("key", f"{item.key!r} stands twice")
        items.append(item)
    if not items and not problems:
        problems.append(Problem(f"desk/{_FILE}", 0, "there is no item", "write [[items]]"))
    if problems:
        raise BrokenContent(problems)
    return tuple(items)
