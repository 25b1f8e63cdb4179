"""The papers that are drawn as samples, each with its size and its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from bot.pictures.specimen_pen import FAINT, INK, RED, Pen

_GOLD: Final = "#b8935a"
_CARD: Final = "#eef3f6"

Draw: TypeAlias = Callable[[Pen, str, int], None]
"""Draws a paper: the pen, what stands at its top, and how many marks are explained."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One sort of paper, in units."""

    width: float
    height: float
    draw: Draw


def _card(pen: Pen, heading: str, marks: int) -> None:
    """Both sides of a card beside each other."""
    wide, high = 186, 118
    pen.sheet(0, 0, wide, high, _CARD)
    for row, long in enumerate((52, 34, 70, 84, 60)):
        pen.bar(12, 20 + 14 * row, 18, colour="#8fa3b5")
        pen.bar(36, 20 + 14 * row, long, colour=INK if row == 0 else FAINT)
    pen.face(128, 14, 46, 58)
    pen.bar(12, 101, 30, colour="#8fa3b5")
    pen.bar(48, 101, 124, 7, INK)
    pen.sheet(wide + 14, 0, wide, high, _CARD)
    pen.canvas.dot(pen.left + wide + 14 + 36, pen.top + 40, 20, fill="#d98c84")
    pen.centred(wide + 14 + 62, 30, 112, heading, 14, INK)
    pen.bar(wide + 14 + 70, 52, 96, 6, FAINT)
    for row, long in enumerate((86, 104)):
        pen.bar(wide + 14 + 22, 84 + 15 * row, 30, colour="#8fa3b5")
        pen.bar(wide + 14 + 58, 84 + 15 * row, long, colour=INK if row else FAINT)
    pen.point(4, 4, 1, marks)
    pen.point(wide + 18, 4, 2, marks)


def _licence(pen: Pen, heading: str, marks: int) -> None:
    """A licence or registration certificate: a broad sheet with code, QR code and seal."""
    wide, high = 368, 252
    pen.sheet(0, 0, wide, high, "#fffdf6")
    pen.frame(9, 9, wide - 18, high - 18, _GOLD)
    pen.frame(13, 13, wide - 26, high - 26, _GOLD)
    pen.bar(26, 36, 46, 5, FAINT)
    pen.bar(26, 48, 92, 7, INK)
    pen.centred(70, 74, wide - 140, heading, 26, RED)
    pen.squares(wide - 84, 26, 56)
    for row, long in enumerate((128, 74, 60, 104, 92)):
        pen.bar(30, 114 + 22 * row, 40, colour="#9aa59f")
        pen.bar(78, 114 + 22 * row, long, colour=INK if row == 0 else FAINT)
    for row, long in enumerate((82, 96, 70)):
        pen.bar(226, 114 + 22 * row, 34, colour="#9aa59f")
        pen.bar(266, 114 + 22 * row, long - 20, colour=FAINT)
    pen.seal(300, 206, 28)
    pen.bar(230, 206, 44, colour="#9aa59f")
    pen.point(124, 46, 1, marks)
    pen.point(wide - 20, 54, 2, marks)
    pen.point(338, 200, 3, marks)


def _passport(pen: Pen, heading: str, marks: int) -> None:
    """The page of a passport with the photo and the two lines for machines."""
    wide, high = 350, 238
    pen.sheet(0, 0, wide, high, "#f3eef4")
    pen.text(20, 24, heading, 16, INK)
    pen.face(20, 46, 88, 112)
    for row, long in enumerate((104, 70, 86, 60, 96)):
        pen.bar(128, 52 + 23 * row, 46, 4, "#9a90a3")
        pen.bar(128, 62 + 23 * row, long, 6, INK if row == 0 else FAINT)
    pen.canvas.box(
        pen.left, pen.top + 182, pen.left + wide, pen.top + high, fill="#ffffff", radius=5
    )
    for row, line in enumerate(
        ("P<XXXYANGLI<<SPECIMEN<<<<<<<<<<<", "X00000000<0XXX0000000X0000000<<<")
    ):
        pen.text(16, 198 + 22 * row, line, 14, INK)
    pen.point(114, 50, 1, marks)
    pen.point(wide - 14, 186, 2, marks)


def _letter(pen: Pen, heading: str, marks: int) -> None:
    """A letter: text, signature by hand, seal and date at its foot."""
    wide, high = 262, 340
    pen.sheet(0, 0, wide, high)
    pen.centred(20, 38, wide - 40, heading, 18, INK)
    pen.bar(28, 74, 90, colour=FAINT)
    for row, long in enumerate((206, 206, 206, 206, 206, 120)):
        pen.bar(28 + (14 if row == 0 else 0), 94 + 17 * row, long - (14 if row == 0 else 0))
    pen.bar(28, 222, 60, colour="#9aa59f")
    pen.signature(98, 222)
    pen.bar(120, 258, 44, colour="#9aa59f")
    pen.bar(168, 258, 68, colour=FAINT)
    pen.bar(150, 296, 86, colour=INK)
    pen.seal(194, 266, 32)
    pen.point(174, 214, 1, marks)
    pen.point(236, 240, 2, marks)
    pen.point(138, 296, 3, marks)


def _domain(pen: Pen, heading: str, marks: int) -> None:
    """A certificate of a domain name."""
    wide, high = 368, 232
    pen.sheet(0, 0, wide, high, "#f6faff")
    pen.frame(10, 10, wide - 20, high - 20, "#6d8fb5")
    pen.centred(40, 46, wide - 80, heading, 22, "#2c5585")
    for row, (label, value) in enumerate((("域名", "yangli.example"), ("持有者", "样例有限公司"))):
        pen.text(44, 94 + 30 * row, label, 15, "#6c7a86")
        pen.text(116, 94 + 30 * row, value, 16, INK)
    for row, long in enumerate((120, 96)):
        pen.bar(44, 156 + 22 * row, 46, colour="#a8b8c8")
        pen.bar(116, 156 + 22 * row, long, colour=FAINT)
    pen.seal(306, 176, 28)
    pen.point(26, 94, 1, marks)
    pen.point(26, 124, 2, marks)


def _plan(pen: Pen, heading: str, marks: int) -> None:
    """Several pages: the first with a table, the last with signature and seal."""
    wide, high = 182, 250
    pen.sheet(0, 0, wide, high)
    pen.centred(14, 28, wide - 28, heading, 15, INK)
    for row in range(4):
        pen.bar(18, 56 + 15 * row, 146 if row < 3 else 90)
    for row in range(5):
        pen.line([(18, 128 + 22 * row), (164, 128 + 22 * row)], "#9aa59f", 1)
    for x in (18, 52, 116, 164):
        pen.line([(x, 128), (x, 216)], "#9aa59f", 1)
    for row in range(4):
        pen.bar(60, 139 + 22 * row, 44, 4)
        pen.bar(122, 139 + 22 * row, 30, 4)
    left = wide + 16
    pen.sheet(left, 0, wide, high)
    for row in range(6):
        pen.bar(left + 18, 30 + 15 * row, 146 if row < 5 else 70)
    pen.bar(left + 18, 150, 40, colour="#9aa59f")
    pen.signature(left + 66, 150)
    pen.bar(left + 84, 216, 74, colour=INK)
    pen.seal(left + 124, 192, 28)
    pen.point(10, 128, 1, marks)
    pen.point(left + 168, 158, 2, marks)


def _proof(pen: Pen, heading: str, marks: int) -> None:
    """Any other paper an authority issues."""
    wide, high = 250, 300
    pen.sheet(0, 0, wide, high, "#fffdf6")
    pen.frame(10, 10, wide - 20, high - 20, _GOLD)
    pen.centred(24, 52, wide - 48, heading, 19, RED)
    pen.bar(34, 92, 40, colour="#9aa59f")
    pen.bar(82, 92, 124, 7, INK)
    for row, long in enumerate((172, 172, 120)):
        pen.bar(34, 120 + 20 * row, long)
    pen.bar(116, 246, 92, colour=INK)
    pen.seal(172, 226, 30)
    pen.point(218, 92, 1, marks)
    pen.point(212, 206, 2, marks)


PAPERS: Final[Mapping[str, Paper]] = MappingProxyType(
    {
        "card": Paper(386, 118, _card),
        "licence": Paper(368, 252, _licence),
        "passport": Paper(350, 238, _passport),
        "letter": Paper(262, 340, _letter),
        "domain": Paper(368, 232, _domain),
        "plan": Paper(380, 250, _plan),
        "proof": Paper(250, 300, _proof),
    }
)
"""Every sort of paper a ``SpecimenPicture`` may name."""
