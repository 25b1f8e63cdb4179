"""A web page as its reader sees it: lines of text, what they link to, what is kept from sight."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_SHELL = 80  # characters of text; a page of fewer that runs scripts is hardly a page yet


class Hidden(StrEnum):
    """Why a text on a page cannot be read by whoever looks at it."""

    NOT_SHOWN = "not_shown"  # display: none, hidden, a comment's or template's content
    INVISIBLE = "invisible"  # visibility or opacity
    TINY = "tiny"  # letters of no size
    SAME_COLOUR = "same_colour"  # the colour of what lies behind
    OFF_SCREEN = "off_screen"  # moved out of the window


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with one link (absolute or as written, None if it leads nowhere) and one visibility."""

    text: str
    link: str | None = None
    hidden: Hidden | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One block of a page. Its pieces follow each other without a break."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """All of it, seen or not."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def shown(self) -> "Line":
        """What can be seen of it."""
        return Line(tuple(piece for piece in self.pieces if piece.hidden is None))

    @property
    def kept_from_sight(self) -> "Line":
        """What cannot be seen of it."""
        return Line(tuple(piece for piece in self.pieces if piece.hidden is not None))

    def within(self, place: slice) -> tuple[Piece, ...]:
        """The pieces that hold a part of ``text[place]``: a number may be split by markup."""
        found, start = [], 0
        for piece in self.pieces:
            end = start + len(piece.text)
            if start < place.stop and place.start < end:
                found.append(piece)
            start = end
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Page:
    """A page after its markup was read, before any script ran.

    ``pictures`` holds what pictures are called (alt, title, file name), ``scripts`` and
    ``comments`` their text, ``frames`` the addresses of pages shown inside. ``cut_short`` tells
    that the page went on; ``garbled_as`` names the charset it wrongly claims, if it does.
    """

    lines: tuple[Line, ...]
    pictures: str = ""
    scripts: str = ""
    comments: str = ""
    frames: tuple[str, ...] = ()
    runs_scripts: bool = False
    cut_short: bool = False
    garbled_as: str = ""

    def placed(self) -> Iterator[tuple[Line, float]]:
        """The lines with their place: 0 at the top of the page, 1 at its end."""
        for row, line in enumerate(self.lines, start=1):
            yield line, row / len(self.lines)

    def visible_lines(self) -> Iterator[str]:
        """The lines as they can be read."""
        for line in self.lines:
            text = line.shown.text.strip()
            if text:
                yield text

    @property
    def is_script_shell(self) -> bool:
        """Whether almost everything is put there by scripts."""
        return self.runs_scripts and sum(map(len, self.visible_lines())) < _SHELL
