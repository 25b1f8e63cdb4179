"""An answer's plain text as the paragraphs, lists and code of a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape

_ITEM = re.compile(r"\s*[·•-]\s*(.+)")
_NUMBERED = re.compile(r"\s*(\d{1,2})[.、]\s*(.+)")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~/?#@!$&*+=%:]*[A-Za-z0-9/]")


class BlockKind(StrEnum):
    """What a run of lines is."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    STEPS = "steps"  # a numbered list
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind; ``first`` is the number the first of the steps has."""

    kind: BlockKind
    lines: tuple[Markup, ...]
    first: int = 1


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a text, in order. Every line is escaped; addresses become links."""
    found: list[Block] = []
    for block in _lines(text):
        last = found[-1] if found else None
        joins = last is not None and last.kind is block.kind is not BlockKind.PARAGRAPH
        if last is not None and joins and (block.kind is not BlockKind.STEPS or block.first > 1):
            found[-1] = Block(last.kind, last.lines + block.lines, last.first)
        else:
            found.append(block)
    return tuple(found)


def _lines(text: str) -> Iterator[Block]:
    for line in text.splitlines():
        if not line.strip():
            continue
        if line.startswith("<"):
            yield Block(BlockKind.CODE, (escape(line),))
        elif item := _ITEM.fullmatch(line):
            yield Block(BlockKind.LIST, (linked(item[1]),))
        elif step := _NUMBERED.fullmatch(line):
            yield Block(BlockKind.STEPS, (linked(step[2]),), int(step[1]))
        else:
            yield Block(BlockKind.PARAGRAPH, (linked(line.strip()),))


def linked(text: str) -> Markup:
    """A text with its web addresses as links."""
    parts: list[Markup] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts.append(escape(text[end : found.start()]))
        address = escape(found[0])
        parts.append(Markup('<a href="{0}" rel="noopener">{0}</a>').format(address))
        end = found.end()
    return Markup("").join((*parts, escape(text[end:])))
