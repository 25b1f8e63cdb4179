"""Samples of papers: how a right picture of one looks, drawn by us and clearly nobody's."""

from typing import Final

from PIL import Image, ImageDraw

from bot.pictures.canvas import COLOURS, SCALE, Canvas, Theme, font, width, wrapped
from bot.pictures.specimen_papers import PAPERS
from bot.pictures.specimen_pen import Pen
from dialogs.pictures import SpecimenPicture

_WIDTH: Final = 440
_EDGE: Final = 12
_PAD: Final = 18
_INNER: Final = _WIDTH - 2 * (_EDGE + _PAD)
_SHADOW: Final = {"light": "#a5b5ad", "dark": "#222c28"}
_TABLE: Final = {"light": "#cdd8d3", "dark": "#3a4742"}
"""What the paper lies on: something darker than it, so that its edges are seen."""

_TITLE, _TIP = 19, 16
_TIP_LINE: Final = 26


def draw_specimen(picture: SpecimenPicture, theme: Theme = "light") -> bytes:
    """The picture as PNG. The paper itself is white in both themes, as papers are."""
    colours = COLOURS[theme]
    paper = PAPERS[picture.paper]
    title = wrapped(picture.title, _TITLE, _INNER)
    marks = [wrapped(mark, _TIP, _INNER - 34) for mark in picture.marks]
    tips = [wrapped(tip, _TIP, _INNER - 34) for tip in picture.tips]
    head = _EDGE + _PAD + 28 * len(title) + 4
    table = round(paper.height) + 2 * _PAD
    below = sum(_TIP_LINE * len(lines) for lines in (*marks, *tips)) + (12 if marks else 0)
    height = head + table + 20 + below + _PAD + _EDGE
    canvas = Canvas(_WIDTH, height, colours)
    canvas.box(
        _EDGE, _EDGE, _WIDTH - _EDGE, height - _EDGE,
        fill=colours.card, outline=colours.line, radius=16,
    )  # fmt: skip
    y = _EDGE + _PAD + 12.0
    for line in title:
        canvas.text(_EDGE + _PAD, y, line, _TITLE, colours.text)
        y += 28
    canvas.box(_EDGE + 1, head, _WIDTH - _EDGE - 1, head + table, fill=_TABLE[theme])
    left = (_WIDTH - paper.width) / 2
    pen = Pen(canvas, left, head + _PAD, colours.now, colours.on_mark, _SHADOW[theme])
    paper.draw(pen, picture.heading, len(picture.marks))
    _across(canvas, picture.word, head, table)
    y = head + table + 20 + _TIP_LINE / 2
    for number, lines in enumerate(marks, start=1):
        pen.number(_EDGE + _PAD + 10, y, number)
        y = _lines(canvas, lines, y)
    y += 12 if marks else 0
    for lines in tips:
        canvas.line(
            [
                (_EDGE + _PAD + 4, y),
                (_EDGE + _PAD + 8, y + 4.5),
                (_EDGE + _PAD + 16, y - 5),
            ],
            colours.done,
            2.5,
        )
        y = _lines(canvas, lines, y)
    return canvas.png()


def _lines(canvas: Canvas, lines: list[str], y: float) -> float:
    for line in lines:
        canvas.text(_EDGE + _PAD + 30, y, line, _TIP, canvas.colours.text)
        y += _TIP_LINE
    return y


def _across(canvas: Canvas, word: str, top: float, high: float) -> None:
    """The word that makes it nobody's paper, large and half transparent, from corner to corner."""
    size = round(min(76 if len(word) <= 2 else 54, high * 0.4))
    wide, tall = width(word, size) + 20, size * 1.6
    layer = Image.new("RGBA", (round(wide * SCALE), round(tall * SCALE)), (0, 0, 0, 0))
    ImageDraw.Draw(layer).text(
        (10 * SCALE, layer.height // 2), word, font=font(size), fill=(179, 38, 30, 74), anchor="lm"
    )
    turned = layer.rotate(18, expand=True, resample=Image.Resampling.BICUBIC)
    spot = (
        (canvas.image.width - turned.width) // 2,
        round((top + high / 2) * SCALE) - turned.height // 2,
    )
    canvas.image.paste(turned, spot, turned)
