"""Files spoilt in their headers, at the stage that decides whether they are decoded at all.

Decoding happens in a process of its own with hard limits, which the tests try apart; here it is
done in this process for the files that are small enough, to see that nothing else comes of it.
"""

import io
import random
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw

from bench.fuzz.campaign import Fault
from bench.fuzz.spoiling import spoilt_bytes, text
from bot.file_names import harmless_name
from bot.materials.decoding import clean_picture
from bot.materials.isolated import CleanPicture, Decoder
from bot.materials.limits import LONGEST_SIDE
from bot.materials.pages import clean_pages
from bot.materials.receiving import Received, Receiver
from bot.materials.sniffing import PDF
from dialogs.message import Identity
from filing.invalid import Invalid

_MOST: Final = 4 * 10**6
_HEAD: Final = 64  # bytes in which a file says what it is
_SOMEBODY: Final = Identity("web", "fuzz")


class Near(Decoder):
    """Decodes in this process."""

    async def decode(self, content: bytes, media_type: str) -> list[CleanPicture] | Invalid:
        """As ``Decoder``."""
        clean = (
            clean_pages(content, self.max_bytes)
            if media_type == PDF
            else clean_picture(content, media_type, self.max_bytes)
        )
        if isinstance(clean, Invalid):
            return clean
        several = clean if isinstance(clean, tuple) else (clean,)
        return [CleanPicture(one.content, one.width, one.height) for one in several]


class Uploads:
    """The target: pictures of each kind and a PDF, cut, moved and turned into one another."""

    def __init__(self) -> None:
        self._whole = tuple(draw() for draw in _FILES)
        self._kept: list[tuple[str, bytes]] = []
        self._door: Receiver

    async def begin(self) -> None:
        """Begin anew."""
        self._kept.clear()
        self._door = Receiver(self, Near(_MOST))

    async def put(self, identity: Identity, name: str, media_type: str, content: bytes) -> str:
        """The vault."""
        self._kept[:] = [(name, content)]
        return "1"

    async def feed(self, chance: random.Random) -> str:
        """Hand in a spoilt file under a strange name."""
        whole = chance.choice(self._whole)
        head = whole[:_HEAD]
        match chance.randrange(4):
            case 0:
                content = spoilt_bytes(head, chance) + whole[_HEAD:]
            case 1:
                content = head + spoilt_bytes(whole[_HEAD:], chance)
            case 2:
                content = chance.choice(self._whole)[: chance.randrange(_HEAD)] + whole
            case _:
                content = spoilt_bytes(whole, chance)
        name = text(chance)
        taken = await self._door.receive(_SOMEBODY, name, content)
        shown = harmless_name(name)
        if not shown or len(shown) > 100 or set(shown) & set("/\\\0"):
            raise Fault(f"a harmful name: {shown!r}")
        if isinstance(taken, Received):
            _see_that_it_is_clean(self._kept[-1][1])
            return "kept"
        return taken.wrong.code

    async def prove(self, number: int) -> None:
        """A sound picture is kept."""
        taken = await self._door.receive(_SOMEBODY, "a.jpg", self._whole[number // 50 % 4])
        if not isinstance(taken, Received):
            raise Fault("a sound picture was refused")

    async def end(self) -> None:
        """Nothing to see: refusals are answers."""


def _see_that_it_is_clean(content: bytes) -> None:
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
        if max(image.size) > LONGEST_SIDE or set(image.info) - {"jfif", "jfif_version", *_UNITS}:
            raise Fault(f"kept with {image.size} and {sorted(image.info)}")


_UNITS: Final = ("jfif_unit", "jfif_density", "dpi")


def _picture(kind: str, mode: str = "RGB") -> Callable[[], bytes]:
    def draw() -> bytes:
        image = Image.new("RGB", (48, 32), "#f4f1e6")
        ImageDraw.Draw(image).ellipse((4, 4, 20, 20), fill="#b3261e")
        out = io.BytesIO()
        image.convert(mode).save(out, kind)
        return out.getvalue()

    return draw


def _pdf() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (48, 32), "white").save(out, "PDF")
    return out.getvalue()


_FILES: Final[tuple[Callable[[], bytes], ...]] = (
    _picture("JPEG"),
    _picture("PNG"),
    _picture("WEBP"),
    _picture("PNG", "P"),
    _picture("GIF"),
    _picture("TIFF"),
    _pdf,
)
