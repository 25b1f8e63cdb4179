"""Which drawing a picture is: the one place that knows all kinds."""

from bot.pictures.canvas import Theme
from bot.pictures.footer import draw_footer
from bot.pictures.progress import draw_progress
from dialogs.pictures import FooterPicture, Picture

__all__ = ["Theme", "draw"]


def draw(picture: Picture, theme: Theme = "light") -> bytes:
    """The picture as PNG, for a light or a dark surrounding."""
    if isinstance(picture, FooterPicture):
        return draw_footer(picture, theme)
    return draw_progress(picture, theme)
