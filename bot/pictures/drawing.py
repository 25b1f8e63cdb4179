"""Which drawing a picture is: the one place that knows all kinds."""

from bot.pictures.canvas import Theme
from bot.pictures.footer import draw_footer
from bot.pictures.marked import draw_marked
from bot.pictures.progress import draw_progress
from bot.pictures.qr import draw_qr
from bot.pictures.specimen import draw_specimen
from dialogs.pictures import (
    FooterPicture,
    MarkedPicture,
    Picture,
    ProgressPicture,
    QrPicture,
    SpecimenPicture,
)

__all__ = ["Theme", "draw"]


def draw(picture: Picture, theme: Theme = "light", content: bytes = b"") -> bytes:
    """The picture as PNG, for a light or a dark surrounding.

    ``content`` is the received picture that a marked one is made from. Raises OSError if that is
    none.
    """
    match picture:
        case FooterPicture():
            return draw_footer(picture, theme)
        case SpecimenPicture():
            return draw_specimen(picture, theme)
        case MarkedPicture():
            return draw_marked(content, picture)
        case QrPicture():
            return draw_qr(picture, theme)
        case ProgressPicture():
            return draw_progress(picture, theme)
