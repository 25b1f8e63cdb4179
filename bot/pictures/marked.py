"""A received picture made small, with numbered boxes where something is wrong."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from bot.pictures.canvas import font
from dialogs.pictures import MarkedPicture

_LONGEST: Final = 900  # pixels: enough to see what is meant, too little to be anybody's paper
_RED: Final = (214, 40, 30)
_LINE: Final = 5
_ROOM: Final = 8  # pixels that a box lies outside of what it marks


def draw_marked(content: bytes, picture: MarkedPicture) -> bytes:
    """The picture as PNG. Raises OSError for content that is no picture."""
    with Image.open(BytesIO(content)) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    image.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(image)
    for mark in picture.marks:
        left = max(_LINE, mark.left * image.width // 1000 - _ROOM)
        top = max(_LINE, mark.top * image.height // 1000 - _ROOM)
        right = min(image.width - _LINE, mark.right * image.width // 1000 + _ROOM)
        bottom = min(image.height - _LINE, mark.bottom * image.height // 1000 + _ROOM)
        if right - left < _LINE or bottom - top < _LINE:
            continue
        pen.rectangle((left, top, right, bottom), outline=(255, 255, 255), width=_LINE + 4)
        pen.rectangle((left + 2, top + 2, right - 2, bottom - 2), outline=_RED, width=_LINE)
        x = min(max(left, 22), image.width - 22)
        y = min(max(top, 22), image.height - 22)
        pen.ellipse((x - 19, y - 19, x + 19, y + 19), fill=_RED, outline=(255, 255, 255), width=3)
        pen.text((x, y), str(mark.number), font=font(12), fill=(255, 255, 255), anchor="mm")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
