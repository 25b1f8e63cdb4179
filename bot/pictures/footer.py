"""The footer picture: a browser's window with the last lines of the applicant's own page."""

from typing import Final

from bot.pictures.canvas import COLOURS, Canvas, Theme, width, wrapped
from dialogs.pictures import FooterPicture

_WIDTH: Final = 440
_EDGE: Final = 12
_INNER: Final = _WIDTH - 2 * _EDGE
_BAR: Final = 44
_PAGE: Final = 96  # height of the page's own content, as grey lines
_SIZE: Final = 16
_ROW: Final = 28
_LINK: Final = "#1557c0"  # as browsers and most pages have it


def draw_footer(picture: FooterPicture, theme: Theme = "light") -> bytes:
    """The picture as PNG. The page itself is white in both themes, as most pages are."""
    colours, page = COLOURS[theme], COLOURS["light"]
    room = _INNER - 48
    above = [line for text in picture.lines for line in wrapped(text, _SIZE, room)]
    links = _rows(picture.numbers, room)
    note = wrapped(picture.note, 15, _INNER - 8) if picture.note else []
    foot = 36 + _ROW * (len(above) + len(links))
    bottom = _EDGE + _BAR + _PAGE + foot
    height = bottom + (16 + 24 * len(note) if note else 0) + _EDGE
    canvas = Canvas(_WIDTH, height, colours)
    canvas.box(
        _EDGE, _EDGE, _WIDTH - _EDGE, bottom, fill=page.card, outline=colours.line, radius=12
    )
    canvas.box(_EDGE + 1, _EDGE + 1, _WIDTH - _EDGE - 1, _EDGE + _BAR, fill=page.page, radius=11)
    canvas.box(_EDGE + 1, _EDGE + 22, _WIDTH - _EDGE - 1, _EDGE + _BAR, fill=page.page)
    for place, colour in enumerate(("#e8695f", "#e5b53f", "#5ab45a")):
        canvas.dot(_EDGE + 20 + 18 * place, _EDGE + _BAR / 2, 5, fill=colour)
    canvas.box(
        _EDGE + 84, _EDGE + 9, _WIDTH - _EDGE - 20, _EDGE + _BAR - 9,
        fill=page.card, outline=page.line, radius=13,
    )  # fmt: skip
    canvas.text(_EDGE + 100, _EDGE + _BAR / 2, picture.address, 14, page.soft)
    top: float = _EDGE + _BAR
    canvas.text(_EDGE + 24, top + 28, wrapped(picture.heading, 18, room)[0], 18, page.text)
    for place, share in enumerate((0.94, 0.6)):
        grey = top + 52 + 18 * place
        canvas.box(_EDGE + 24, grey, _EDGE + 24 + room * share, grey + 8, fill=page.line, radius=4)
    top += _PAGE
    canvas.box(_EDGE + 1, top, _WIDTH - _EDGE - 1, top + 1, fill=page.line)
    y = top + 18 + _ROW / 2
    for line in above:
        canvas.text((_WIDTH - width(line, _SIZE)) / 2, y, line, _SIZE, page.text)
        y += _ROW
    for row in links:
        _links(canvas, row, y, _LINK)
        y += _ROW
    for number, line in enumerate(note):
        canvas.text(_EDGE + 4, bottom + 26 + 24 * number, line, 15, colours.text)
    return canvas.png()


def _rows(numbers: tuple[str, ...], room: float) -> list[list[str]]:
    rows: list[list[str]] = []
    for number in numbers:
        if rows and width("    ".join([*rows[-1], number]), _SIZE) <= room:
            rows[-1].append(number)
        else:
            rows.append([number])
    return rows


def _links(canvas: Canvas, row: list[str], y: float, colour: str) -> None:
    gap = width("    ", _SIZE)
    x = (_WIDTH - sum(width(one, _SIZE) for one in row) - gap * (len(row) - 1)) / 2
    for one in row:
        canvas.text(x, y, one, _SIZE, colour)
        end = x + width(one, _SIZE)
        canvas.line([(x, y + 11), (end, y + 11)], colour, 1)
        x = end + gap
