"""The progress picture: stages one below the other, done ones ticked, and what comes next."""

from dataclasses import replace
from typing import Final

from bot.pictures.canvas import COLOURS, Canvas, Theme, width, wrapped
from dialogs.pictures import ProgressPicture, ProgressRow

_WIDTH: Final = 420
_EDGE: Final = 12
_PAD: Final = 20
_INNER: Final = _WIDTH - 2 * (_EDGE + _PAD)
_TEXT_LEFT: Final = _EDGE + _PAD + 40
_TITLE, _LABEL, _SMALL = 22, 18, 14
_LINE: Final = 22  # height of a small line
_ROW: Final = 50  # height of a row without a note


def draw_progress(picture: ProgressPicture, theme: Theme = "light") -> bytes:
    """The picture as PNG."""
    colours = COLOURS[theme]
    title = wrapped(picture.title, _TITLE, _INNER)
    shown = [_fitting(row) for row in picture.rows]
    notes = [_note(row) for row in shown]
    rows = [_ROW + _LINE * len(note) for note in notes]
    ahead = wrapped(picture.next, 16, _INNER - 32) if picture.next else []
    box = 52 + 25 * len(ahead) if ahead else 0
    head = _EDGE + _PAD + 30 * len(title) + 32
    height = head + 10 + sum(rows) + (box + 12 if box else 0) + _PAD + _EDGE
    canvas = Canvas(_WIDTH, height, colours)
    canvas.box(
        _EDGE, _EDGE, _WIDTH - _EDGE, height - _EDGE,
        fill=colours.card, outline=colours.line, radius=16,
    )  # fmt: skip
    y = _EDGE + _PAD + 12.0
    for line in title:
        canvas.text(_EDGE + _PAD, y, line, _TITLE, colours.text)
        y += 30
    canvas.text(_EDGE + _PAD, y + 2, picture.subtitle, _SMALL, colours.soft)
    top = float(head + 10)
    for place, (row, note, high) in enumerate(zip(shown, notes, rows, strict=True)):
        if place + 1 < len(picture.rows):
            x, start = _EDGE + _PAD + 14, top + 38
            colour = colours.done if row.state == "done" else colours.line
            canvas.line([(x, start), (x, top + high + 12)], colour, 2)
        _row(canvas, row, note, top)
        top += high
    if ahead:
        _next(canvas, picture.next_title, ahead, top + 12)
    return canvas.png()


def _fitting(row: ProgressRow) -> ProgressRow:
    """The row, its time put below where it does not fit beside the name."""
    room = _WIDTH - _TEXT_LEFT - _EDGE - _PAD - 12
    if not row.when or width(row.label, _LABEL) + width(row.when, _SMALL) <= room:
        return row
    return replace(row, when="", note="\n".join(part for part in (row.when, row.note) if part))


def _note(row: ProgressRow) -> list[str]:
    return wrapped(row.note, _SMALL, _WIDTH - _TEXT_LEFT - _EDGE - _PAD) if row.note else []


def _row(canvas: Canvas, row: ProgressRow, note: list[str], top: float) -> None:
    colours = canvas.colours
    x, y = _EDGE + _PAD + 14, top + 25
    match row.state:
        case "done":
            canvas.dot(x, y, 12, fill=colours.done)
            canvas.line([(x - 5, y), (x - 1.5, y + 4), (x + 5.5, y - 4)], colours.on_mark, 2)
        case "now":
            canvas.dot(x, y, 12, fill=colours.now_ground, outline=colours.now)
            canvas.dot(x, y, 6, fill=colours.now)
        case "wrong":
            canvas.dot(x, y, 12, fill=colours.wrong)
            canvas.line([(x, y - 6), (x, y + 1.5)], colours.on_mark, 2.5)
            canvas.dot(x, y + 5.5, 1.5, fill=colours.on_mark)
        case _:
            canvas.dot(x, y, 12, fill=colours.card, outline=colours.line)
    label = {"now": colours.now, "wrong": colours.wrong, "todo": colours.soft}
    canvas.text(_TEXT_LEFT, y, row.label, _LABEL, label.get(row.state, colours.text))
    if row.when:
        right = _WIDTH - _EDGE - _PAD - width(row.when, _SMALL)
        canvas.text(right, y, row.when, _SMALL, colours.soft)
    for number, line in enumerate(note):
        canvas.text(_TEXT_LEFT, y + 25 + _LINE * number, line, _SMALL, colours.soft)


def _next(canvas: Canvas, title: str, lines: list[str], top: float) -> None:
    colours = canvas.colours
    left, bottom = _EDGE + _PAD, top + 52 + 25 * len(lines)
    canvas.box(left, top, _WIDTH - left, bottom, fill=colours.ahead_ground, radius=12)
    canvas.text(left + 16, top + 24, title, _SMALL, colours.done)
    for number, line in enumerate(lines):
        canvas.text(left + 16, top + 51 + 25 * number, line, 16, colours.text)
