"""A sheet of paper to draw on: printed text, fine lines, emblem, portrait, seal and signature."""

import math
import random
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

from bot.inspection.arrays import Bytes

INK = (38, 36, 40)
RED = (200, 30, 36)


@cache
def font(size: int, serif: bool = False) -> ImageFont.FreeTypeFont:
    """A typeface with Chinese letters, ``size`` in pixels."""
    path = serif_path() if serif else sans_path()
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@dataclass(slots=True)
class Sheet:
    """A paper being printed. All measures are in pixels."""

    width: int
    height: int
    ground: tuple[int, int, int] = (252, 251, 248)
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.width, self.height), self.ground)
        self.pen = ImageDraw.Draw(self.image)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        colour: tuple[int, int, int] = INK,
        *,
        serif: bool = False,
        anchor: str = "lm",
    ) -> None:
        """A line of text; ``y`` is the middle of its height."""
        self.pen.text((x, y), text, font=font(size, serif), fill=colour, anchor=anchor)

    def lines(
        self, x: float, y: float, text: str, size: int, room: float, colour: tuple[int, int, int]
    ) -> float:
        """Text broken into lines of ``room`` pixels; returns where the next line would stand."""
        each = max(1, int(room // size))
        for start in range(0, len(text), each):
            self.text(x, y, text[start : start + each], size, colour, serif=True)
            y += size * 1.45
        return y

    def fine_lines(
        self, tint: tuple[int, int, int], pitch: float, strength: float, seed: int
    ) -> None:
        """Waves of thin coloured lines, as printed against copying (guilloche)."""
        dice = random.Random(seed)
        y, x = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        wave = np.zeros_like(x)
        for _ in range(2):
            slow = dice.uniform(0.004, 0.012)
            bend = dice.uniform(2, 5) * np.sin(x * slow + dice.uniform(0, 6))
            wave += np.clip(np.cos((y + pitch * bend) * 2 * math.pi / pitch) - 0.5, 0, 1)
        share = (strength * np.clip(wave, 0, 1))[..., None]
        page = np.asarray(self.image, np.float32)
        mixed = page * (1 - share) + np.array(tint, np.float32) * share
        self.image.paste(Image.fromarray(mixed.astype(np.uint8)))

    def frame(self, inset: float, thick: int, colour: tuple[int, int, int]) -> None:
        """A border of two lines with a pattern between them."""
        box = (inset, inset, self.width - inset, self.height - inset)
        self.pen.rectangle(box, outline=colour, width=max(2, thick // 5))
        inner = inset + thick
        box = (inner, inner, self.width - inner, self.height - inner)
        self.pen.rectangle(box, outline=colour, width=max(1, thick // 8))
        step, radius = thick * 1.1, thick * 0.32
        for along in np.arange(inset + thick, self.width - inset - thick / 2, step):
            for y in (inset + thick / 2, self.height - inset - thick / 2):
                self._ring(along, y, radius, colour)
        for along in np.arange(inset + thick, self.height - inset - thick / 2, step):
            for x in (inset + thick / 2, self.width - inset - thick / 2):
                self._ring(x, along, radius, colour)

    def emblem(self, x: float, y: float, radius: float) -> None:
        """A round red mark with gold in it: where the emblem stands, not the emblem itself."""
        gold = (226, 178, 60)
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=RED)
        for place in range(24):
            angle = place * math.pi / 12
            dx, dy = math.cos(angle) * radius * 0.86, math.sin(angle) * radius * 0.86
            self._ring(x + dx, y + dy, radius * 0.1, gold)
        self._star(x, y - radius * 0.2, radius * 0.34, gold)
        box = (x - radius * 0.5, y + radius * 0.25, x + radius * 0.5, y + radius * 0.45)
        self.pen.rectangle(box, fill=gold)

    def seal(self, x: float, y: float, radius: float, name: str, seed: int) -> None:
        """A round red seal over what is printed: name along its edge, a star in the middle."""
        side = round(radius * 2.2)
        stamp = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        pen, middle = ImageDraw.Draw(stamp), side / 2
        colour = (206, 28, 38, 205)
        ring = (middle - radius, middle - radius, middle + radius, middle + radius)
        pen.ellipse(ring, outline=colour, width=max(3, round(radius / 14)))
        size = max(10, round(radius / 4.2))
        span = math.radians(min(280, 24 * len(name)))
        for place, letter in enumerate(name):
            angle = -span / 2 + span * place / max(1, len(name) - 1)
            one = Image.new("RGBA", (size * 2, size * 2), (0, 0, 0, 0))
            ImageDraw.Draw(one).text(
                (size, size), letter, font=font(size, True), fill=colour, anchor="mm"
            )
            one = one.rotate(-math.degrees(angle), Image.Resampling.BICUBIC)
            at = radius * 0.78
            spot = (middle + math.sin(angle) * at - size, middle - math.cos(angle) * at - size)
            stamp.alpha_composite(one, (round(spot[0]), round(spot[1])))
        _star(pen, middle, middle, radius * 0.3, colour)
        turn = random.Random(seed).uniform(-12, 12)
        stamp = stamp.rotate(turn, Image.Resampling.BICUBIC)
        self.image.paste(stamp, (round(x - middle), round(y - middle)), stamp)

    def signature(self, x: float, y: float, wide: float, seed: int) -> None:
        """A few strokes of a black pen."""
        dice = random.Random(seed)
        for stroke in range(3):
            left = x + wide * stroke / 3
            points = [
                (
                    left + wide / 3 * step / 6 + dice.uniform(-4, 4),
                    y + dice.uniform(-wide / 10, wide / 10),
                )
                for step in range(7)
            ]
            self.pen.line(points, fill=(20, 20, 30), width=max(3, round(wide / 60)), joint="curve")

    def portrait(self, x: float, y: float, wide: float, high: float, seed: int) -> None:
        """A picture of a person as a shape: hair, face, shoulders on a light ground."""
        dice = random.Random(seed)
        pen = self.pen
        pen.rectangle((x, y, x + wide, y + high), fill=(236, 238, 242))
        middle, head = x + wide / 2, y + high * 0.4
        coat = (dice.randint(20, 70),) * 2 + (dice.randint(30, 90),)
        pen.pieslice(
            (x + wide * 0.04, y + high * 0.66, x + wide * 0.96, y + high * 1.34),
            180,
            360,
            fill=coat,
        )
        skin = (dice.randint(205, 232), dice.randint(165, 190), dice.randint(140, 160))
        pen.rectangle((middle - wide * 0.1, head, middle + wide * 0.1, y + high * 0.72), fill=skin)
        r = wide * 0.25
        pen.ellipse((middle - r, head - r * 1.25, middle + r, head + r * 1.3), fill=skin)
        pen.pieslice(
            (middle - r * 1.08, head - r * 1.5, middle + r * 1.08, head + r * 0.6),
            180,
            360,
            fill=(30, 26, 24),
        )
        for side in (-1, 1):
            eye = middle + side * r * 0.42
            pen.ellipse((eye - 5, head - 2, eye + 5, head + 4), fill=(30, 26, 24))
        pen.line(
            (middle - r * 0.3, head + r * 0.7, middle + r * 0.3, head + r * 0.7),
            fill=(160, 80, 80),
            width=4,
        )

    def code(self, x: float, y: float, side: float, text: str) -> None:
        """A QR code of ``side`` pixels."""
        out = BytesIO()
        made = segno.make(text, error="m", boost_error=False)
        made.save(out, kind="png", scale=8, border=1)
        drawn = Image.open(out).convert("RGB").resize((round(side), round(side)))
        self.image.paste(drawn, (round(x), round(y)))

    def pixels(self) -> Bytes:
        """The sheet as rows of red, green and blue."""
        return np.asarray(self.image)

    def _ring(self, x: float, y: float, radius: float, colour: tuple[int, int, int]) -> None:
        box = (x - radius, y - radius, x + radius, y + radius)
        self.pen.ellipse(box, outline=colour, width=max(1, round(radius / 4)))

    def _star(self, x: float, y: float, radius: float, colour: tuple[int, int, int]) -> None:
        _star(self.pen, x, y, radius, colour)


def _star(
    pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: tuple[int, ...]
) -> None:
    points = [
        (
            x + math.sin(place * math.pi / 5) * (radius if place % 2 == 0 else radius * 0.4),
            y - math.cos(place * math.pi / 5) * (radius if place % 2 == 0 else radius * 0.4),
        )
        for place in range(10)
    ]
    pen.polygon(points, fill=colour)
