"""A sheet to draw on: rounded boxes with smooth edges, and text in Chinese letters."""

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Final, Literal, TypeAlias
from unicodedata import category

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

Theme: TypeAlias = Literal["light", "dark"]

SCALE: Final = 2
"""Pixels for each unit of a drawing, so that it stays sharp on a phone."""

_SMOOTH: Final = 4  # shapes are drawn so many times larger, then made smaller
_NO_LINE_START: Final = "，。、；：！？）》】”’·,.;:!?)]%"


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a drawing, those of the web chat's pages (``bot/web/static/base.css``).

    Every text has a contrast of 4.5 to 1 or more to its ground.
    """

    page: str
    card: str
    line: str
    text: str
    soft: str
    done: str
    now: str
    now_ground: str
    ahead_ground: str
    wrong: str
    on_mark: str


COLOURS: Final[dict[Theme, Colours]] = {
    "light": Colours(
        page="#f4f6f3",
        card="#ffffff",
        line="#dbe2dc",
        text="#1b2320",
        soft="#56645e",
        done="#0f6b5c",
        now="#8a5300",
        now_ground="#fdf3e1",
        ahead_ground="#d9ede6",
        wrong="#b3261e",
        on_mark="#ffffff",
    ),
    "dark": Colours(
        page="#111614",
        card="#1b2220",
        line="#2d3834",
        text="#e7edea",
        soft="#a3b1ab",
        done="#67c7af",
        now="#f0bf74",
        now_ground="#30260f",
        ahead_ground="#1d3f37",
        wrong="#f4a09a",
        on_mark="#05251e",
    ),
}


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans SC of a size in units."""
    layout = ImageFont.Layout.BASIC  # the same wherever Pillow was built
    return ImageFont.truetype(str(sans_path()), size * SCALE, layout_engine=layout)


def printable(text: str) -> str:
    """A text without the characters no font can draw: control characters, halves of pairs."""
    return "".join(one for one in text if one == "\n" or category(one)[0] != "C")


def width(text: str, size: int) -> float:
    """How wide a line of text is, in units."""
    return font(size).getlength(printable(text)) / SCALE


def wrapped(text: str, size: int, room: float) -> list[str]:
    """A text in lines no wider than ``room`` units; Latin words stay whole where they fit."""
    lines: list[str] = []
    for paragraph in printable(text).split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            fits = width(line + piece, size) <= room
            if fits or not line or piece in _NO_LINE_START:
                line += piece
            else:
                lines.append(line.rstrip())
                line = piece.lstrip()
            while width(line, size) > room and len(line) > 1:
                cut = next(
                    n
                    for n in range(len(line) - 1, 0, -1)
                    if n == 1 or width(line[:n], size) <= room
                )
                lines.append(line[:cut])
                line = line[cut:]
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """Where a line may break: between Chinese characters, after blanks, not within words."""
    pieces: list[str] = []
    for letter in text:
        joins = letter.isascii() and letter != " "
        if pieces and joins and pieces[-1][-1].isascii() and pieces[-1][-1] != " ":
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


@dataclass(slots=True)
class Canvas:
    """A picture being made. All measures are in units."""

    width: int
    height: int
    colours: Colours
    image: Image.Image = field(init=False)
    _pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        size = (self.width * SCALE, self.height * SCALE)
        self.image = Image.new("RGB", size, self.colours.page)
        self._pen = ImageDraw.Draw(self.image)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: str,
        outline: str | None = None,
        radius: float = 0,
    ) -> None:
        """A rectangle with round corners."""
        wide, high = round((right - left) * SCALE), round((bottom - top) * SCALE)
        if outline is not None:
            mask = _rounded(wide, high, radius * SCALE)
            self.image.paste(outline, (round(left * SCALE), round(top * SCALE)), mask)
            left, top, wide, high = left + 1, top + 1, wide - 2 * SCALE, high - 2 * SCALE
        mask = _rounded(wide, high, max(0.0, radius - (outline is not None)) * SCALE)
        self.image.paste(fill, (round(left * SCALE), round(top * SCALE)), mask)

    def dot(self, x: float, y: float, radius: float, *, fill: str, outline: str = "") -> None:
        """A round mark about a point."""
        self.box(
            x - radius, y - radius, x + radius, y + radius, fill=fill, radius=radius,
            outline=outline or None,
        )  # fmt: skip

    def line(self, points: list[tuple[float, float]], colour: str, thick: float) -> None:
        """A line through points."""
        spots = [(x * SCALE, y * SCALE) for x, y in points]
        self._pen.line(spots, fill=colour, width=round(thick * SCALE), joint="curve")

    def text(self, x: float, y: float, text: str, size: int, colour: str) -> None:
        """A line of text; ``y`` is the middle of its height."""
        spot = (round(x * SCALE), round(y * SCALE))
        self._pen.text(spot, printable(text), font=font(size), fill=colour, anchor="lm")

    def png(self) -> bytes:
        """The picture as a file."""
        out = BytesIO()
        self.image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        return out.getvalue()


def _rounded(wide: int, high: int, radius: float) -> Image.Image:
    """A box's shape: its corners drawn large and made small, so that they are smooth."""
    mask = Image.new("L", (max(wide, 1), max(high, 1)), 255)
    round_ = min(round(radius), wide // 2, high // 2)
    if round_ <= 0:
        return mask
    side = 2 * round_
    big = Image.new("L", (side * _SMOOTH, side * _SMOOTH), 0)
    ImageDraw.Draw(big).ellipse((0, 0, side * _SMOOTH - 1, side * _SMOOTH - 1), fill=255)
    small = big.resize((side, side), Image.Resampling.LANCZOS)
    for x, left in ((0, 0), (wide - round_, round_)):
        for y, top in ((0, 0), (high - round_, round_)):
            mask.paste(small.crop((left, top, left + round_, top + round_)), (x, y))
    return mask
