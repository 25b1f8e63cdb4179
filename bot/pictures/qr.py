"""A QR code on a card, with where it leads in words below it."""

from typing import Final

import segno

from bot.pictures.canvas import COLOURS, Canvas, Theme, width, wrapped
from dialogs.pictures import QrPicture

_WIDTH: Final = 360
_EDGE: Final = 12
_PAD: Final = 20
_INNER: Final = _WIDTH - 2 * (_EDGE + _PAD)
_CODE: Final = 232
_QUIET: Final = 4  # cells of white about a code, or scanners miss it


def draw_qr(picture: QrPicture, theme: Theme = "light") -> bytes:
    """The picture as PNG. The code is dark on white in both themes: scanners want it so."""
    colours = COLOURS[theme]
    note = wrapped(picture.note, 15, _INNER) if picture.note else []
    address = wrapped(picture.address, 14, _INNER)
    height = _EDGE + _PAD + 40 + _CODE + 16 + 20 * len(address) + 10 + 24 * len(note) + _PAD + _EDGE
    canvas = Canvas(_WIDTH, height, colours)
    canvas.box(
        _EDGE, _EDGE, _WIDTH - _EDGE, height - _EDGE,
        fill=colours.card, outline=colours.line, radius=16,
    )  # fmt: skip
    y = _EDGE + _PAD + 10.0
    canvas.text((_WIDTH - width(picture.title, 20)) / 2, y, picture.title, 20, colours.text)
    top, left = _EDGE + _PAD + 40, (_WIDTH - _CODE) / 2
    canvas.box(left, top, left + _CODE, top + _CODE, fill="#ffffff", radius=8)
    rows = [list(row) for row in segno.make(picture.address, error="m").matrix]
    cell = _CODE // (len(rows) + 2 * _QUIET)  # whole: every cell is as large as the others
    margin = (_CODE - cell * len(rows)) / 2
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                x, high = left + margin + across * cell, top + margin + down * cell
                canvas.box(x, high, x + cell, high + cell, fill="#000000")
    y = top + _CODE + 22.0
    for line in address:
        canvas.text((_WIDTH - width(line, 14)) / 2, y, line, 14, colours.soft)
        y += 20
    y += 10
    for line in note:
        canvas.text(_EDGE + _PAD, y, line, 15, colours.text)
        y += 24
    return canvas.png()
