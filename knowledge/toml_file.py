"""A TOML content file, and on which line each of its tables and entries stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from knowledge.errors import BrokenContent, Problem

_HEADER = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_SYNTAX_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a file says, with the means to point at a place in it."""

    name: str  # as shown to whoever mends it: rules/provinces/jiangsu.toml
    text: str
    data: Mapping[str, Any]

    def line_of(self, table: str, index: int = 0, entry: str | None = None) -> int:
        """The line of the ``index``-th header of ``table``, or of an entry under it; 0 if none."""
        seen = -1
        found = 0
        for number, line in enumerate(self.text.splitlines(), start=1):
            header = _HEADER.match(line)
            if header is None:
                if found and entry is not None and re.match(rf"\s*{re.escape(entry)}\s*=", line):
                    return number
                continue
            implied = seen < 0 and header[1].startswith(f"{table}.")
            if header[1] == table or implied:
                seen += 1
                if seen > index:
                    break
                if seen == index:
                    found = number
                    if entry is None:
                        return found
            elif found and not header[1].startswith(f"{table}."):
                break
        return found

    def line_of_item(self, entry: str, item: str = "") -> int:
        """The line of an entry above all tables, or of an item of its list."""
        line = self.line_of_entry(entry)
        below = self.text.splitlines()[line - 1 :] if line and item else ()
        found = (at for at, text in enumerate(below, start=line) if f'"{item}"' in text)
        return next(found, line)

    def line_of_entry(self, entry: str) -> int:
        """The line of an entry above all tables; 0 if it is not there."""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if _HEADER.match(line):
                return 0
            if re.match(rf"\s*{re.escape(entry)}\s*=", line):
                return number
        return 0


def read_toml(path: Traversable, name: str) -> TomlFile:
    """Read one file. Raises BrokenContent with the line when it is not TOML in UTF-8."""
    try:
        text = path.read_text(encoding="utf-8")
        return TomlFile(name, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        problem = Problem(name, 0, "the file is not UTF-8", "save it as UTF-8")
        raise BrokenContent([problem]) from error
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_LINE.search(str(error))
        line = int(place[1]) if place else 0
        problem = Problem(name, line, f"not valid TOML: {error}", "correct the syntax there")
        raise BrokenContent([problem]) from error
    except OSError as error:
        problem = Problem(name, 0, f"cannot be read ({error.strerror})", "check path and rights")
        raise BrokenContent([problem]) from error
