"""A paper as a phone's camera takes it: on a table, in some light, through a lens, as a JPEG."""

import math
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bot.inspection.arrays import Bytes, Floats
from tests.specimens.paper import Paper
from tests.specimens.pen import font

Ground: TypeAlias = Literal["wood", "dark", "grey", "white", "cloth", "tiles", "none"]
GROUNDS: tuple[Ground, ...] = ("wood", "dark", "grey", "white", "cloth", "tiles")


@dataclass(frozen=True, slots=True)
class Shot:
    """How it is taken. Lengths are pixels of the photo, angles degrees, shares 0–1."""

    width: int = 2000
    height: int = 1500
    ground: Ground = "wood"  # "none": a scan, the paper fills the picture
    cover: float = 0.86  # share of the tighter side that the paper takes
    tilt: float = 0.0
    lean: float = 0.0  # how much nearer one edge is (perspective)
    shift: tuple[float, float] = (0.0, 0.0)  # of the paper, in shares of the picture
    level: float = 0.95  # of the light
    warm: float = 0.0  # of the light's colour
    falloff: float = 0.1  # how much darker the far edge is
    shadow: float = 0.0  # of a hand or phone
    glare: float = 0.0  # radius of a reflection, share of the paper's width
    glare_at: tuple[float, float] = (0.5, 0.5)  # on the paper
    blur: float = 0.5  # sigma
    motion: float = 0.0  # length
    noise: float = 2.5  # sigma, of 255
    screen: float = 0.0  # strength of a screen's raster
    raster: float = 2.6  # its pitch
    grey: bool = False
    copied: bool = False  # the paper is a black and white copy
    watermark: str = ""
    watermark_at: float = 0.28  # its strength
    turned: int = 0  # quarter turns of the finished picture
    quality: int = 88


def photograph(paper: Paper, shot: Shot, seed: int) -> bytes:
    """The photo as a JPEG file. The same seed gives the same one."""
    dice = np.random.default_rng(seed)
    page = paper.pixels
    if shot.watermark:
        page = _watermarked(page, shot.watermark, shot.watermark_at)
    if shot.copied:
        page = _copied(page)
    width, height = shot.width, shot.height
    if page.shape[0] > page.shape[1]:
        width, height = height, width
    seen = _scanned(page, width, height) if shot.ground == "none" else None
    if seen is None:
        seen = _laid(page, shot, width, height, dice)
    seen *= _light(shot, width, height, dice)
    if shot.glare:
        _reflect(seen, page, shot, width, height)
    if shot.screen:
        seen *= _raster(shot, width, height)
    seen = _through_lens(seen, shot, dice)
    seen += dice.standard_normal(seen.shape, np.float32) * shot.noise
    picture = Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
    if shot.grey:
        picture = picture.convert("L").convert("RGB")
    if shot.turned:
        picture = picture.rotate(90 * shot.turned, expand=True)
    out = BytesIO()
    picture.save(out, "JPEG", quality=shot.quality)
    return out.getvalue()


def corners(page: Bytes, shot: Shot, width: int, height: int) -> list[tuple[float, float]]:
    """Where the paper's corners come to lie in the picture, from the top left, clockwise."""
    high, wide = page.shape[:2]
    angle = math.radians(shot.tilt)
    turned_wide = wide * abs(math.cos(angle)) + high * abs(math.sin(angle))
    turned_high = wide * abs(math.sin(angle)) + high * abs(math.cos(angle))
    scale = shot.cover * min(width / turned_wide, height / turned_high)
    middle = width * (0.5 + shot.shift[0]), height * (0.5 + shot.shift[1])
    spots = []
    for x, y in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
        nearer = 1 + shot.lean * -y
        dx, dy = x * wide * scale * nearer, y * high * scale
        spots.append(
            (
                middle[0] + dx * math.cos(angle) - dy * math.sin(angle),
                middle[1] + dx * math.sin(angle) + dy * math.cos(angle),
            )
        )
    return spots


def _scanned(page: Bytes, width: int, height: int) -> Floats:
    drawn = Image.fromarray(page).resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(drawn, np.float32).copy()


def _laid(page: Bytes, shot: Shot, width: int, height: int, dice: np.random.Generator) -> Floats:
    """The paper on its ground, with a thin shadow beside it."""
    spots = corners(page, shot, width, height)
    high, wide = page.shape[:2]
    back = _homography(spots, [(0, 0), (wide, 0), (wide, high), (0, high)])
    size = (width, height)
    laid = Image.fromarray(page).transform(
        size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC
    )
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon(spots, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(0.8))
    under = Image.new("L", size, 0)
    ImageDraw.Draw(under).polygon([(x + 7, y + 9) for x, y in spots], fill=255)
    dim = np.asarray(under.filter(ImageFilter.GaussianBlur(9)), np.float32)[..., None] / 255
    table = _ground(shot.ground, width, height, dice) * (1 - 0.35 * dim)
    share = np.asarray(mask, np.float32)[..., None] / 255
    return np.asarray(table * (1 - share) + np.asarray(laid, np.float32) * share, np.float32)


def _homography(
    source: list[tuple[float, float]], target: list[tuple[float, float]]
) -> list[float]:
    """The eight numbers that take ``source`` to ``target``, as Pillow wants them."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(one) for one in np.linalg.solve(np.array(rows), np.array(wanted))]


def _ground(kind: Ground, width: int, height: int, dice: np.random.Generator) -> Floats:
    colour = {
        "wood": (150, 108, 70),
        "dark": (48, 46, 52),
        "grey": (128, 130, 132),
        "white": (226, 225, 222),
        "cloth": (70, 92, 120),
        "tiles": (190, 186, 176),
        "none": (255, 255, 255),
    }[kind]
    table = np.ones((height, width, 3), np.float32) * np.array(colour, np.float32)
    table *= float(dice.uniform(0.9, 1.1))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    if kind == "wood":
        slow = _cloudy(width, height, 14, dice) * 26
        grain = np.sin(y / 9 + slow) * 9 + np.sin(y / 37 + slow * 0.4) * 14
        table += grain[..., None]
    elif kind == "cloth":
        table += (np.sin(x * 1.1) * np.sin(y * 1.1) * 16)[..., None]
    elif kind == "tiles":
        joint = (np.abs(x % 620 - 310) < 5) | (np.abs(y % 620 - 310) < 5)
        table[joint] *= 0.72
    table += (_cloudy(width, height, 6, dice) * 10)[..., None]
    return table


def _cloudy(width: int, height: int, cells: int, dice: np.random.Generator) -> Floats:
    """Soft random patches between -1 and 1."""
    small = Image.fromarray(dice.uniform(-1, 1, (cells, cells)).astype(np.float32))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), np.float32)


def _light(shot: Shot, width: int, height: int, dice: np.random.Generator) -> Floats:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = float(dice.uniform(0, 2 * math.pi))
    along = (x / width - 0.5) * math.cos(angle) + (y / height - 0.5) * math.sin(angle)
    light = shot.level * (1 - shot.falloff * (along + 0.5))
    if shot.shadow:
        edge = (x / width - 0.5) * math.cos(angle + 1) + (y / height - 0.5) * math.sin(angle + 1)
        light *= 1 - shot.shadow / (1 + np.exp(-(edge - 0.08) * 22))
    tint = np.array((1 + 0.09 * shot.warm, 1.0, 1 - 0.22 * shot.warm), np.float32)
    return np.asarray(light[..., None] * tint, np.float32)


def _reflect(seen: Floats, page: Bytes, shot: Shot, width: int, height: int) -> None:
    """A lamp in the paper's gloss: full white in the middle, fading outwards."""
    spots = corners(page, shot, width, height)
    across, down = shot.glare_at
    top = [spots[0][i] + (spots[1][i] - spots[0][i]) * across for i in (0, 1)]
    bottom = [spots[3][i] + (spots[2][i] - spots[3][i]) * across for i in (0, 1)]
    x0, y0 = (top[i] + (bottom[i] - top[i]) * down for i in (0, 1))
    radius = shot.glare * math.dist(spots[0], spots[1])
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    far = np.sqrt(((x - x0) / 1.3) ** 2 + (y - y0) ** 2) / radius
    seen += (330 * np.clip(1.35 - far, 0, 1) ** 1.2)[..., None]


def _raster(shot: Shot, width: int, height: int) -> Floats:
    """A screen's red, green and blue stripes and rows, sampled by the camera's pixels."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = math.radians(shot.tilt + 3.1)
    u = x * math.cos(angle) + y * math.sin(angle)
    v = y * math.cos(angle) - x * math.sin(angle)
    bend = 1 + 0.02 * y / height
    stripes = [np.cos(2 * math.pi * (u * bend / shot.raster + phase / 3)) for phase in range(3)]
    rows = np.cos(2 * math.pi * v * bend / shot.raster)[..., None]
    lattice = np.stack(stripes, axis=-1) + 0.7 * rows
    return np.asarray(1 + shot.screen * lattice * 0.5, np.float32)


def _through_lens(seen: Floats, shot: Shot, dice: np.random.Generator) -> Floats:
    picture = Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
    if shot.motion >= 2:
        picture = _moved(picture, shot.motion, float(dice.uniform(0, math.pi)))
    if shot.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(shot.blur))
    return np.asarray(picture, np.float32).copy()


def _moved(picture: Image.Image, length: float, angle: float) -> Image.Image:
    total = np.zeros((picture.height, picture.width, 3), np.float32)
    steps = max(3, round(length))
    for step in range(steps):
        off = (step / (steps - 1) - 0.5) * length
        dx, dy = off * math.cos(angle), off * math.sin(angle)
        moved = picture.transform(
            picture.size, Image.Transform.AFFINE, (1, 0, dx, 0, 1, dy), Image.Resampling.BILINEAR
        )
        total += np.asarray(moved, np.float32)
    return Image.fromarray((total / steps).astype(np.uint8))


def _copied(page: Bytes) -> Bytes:
    """What a black and white copier makes of it: grey, hard contrast."""
    grey = np.asarray(Image.fromarray(page).convert("L"), np.float32)
    hard = np.clip((grey - 110) * 1.5 + 130, 18, 246)
    return np.repeat(hard[..., None], 3, axis=2).astype(np.uint8)


def _watermarked(page: Bytes, words: str, strength: float) -> Bytes:
    """Grey words in slanting rows over all of it."""
    high, wide = page.shape[:2]
    side = int(math.hypot(wide, high)) + 200
    size = max(30, wide // 22)
    layer = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(layer)
    gap = " " * 6
    for row, y in enumerate(range(0, side, size * 4)):
        pen.text((-(row % 2) * size * 3, y), (words + gap) * 12, font=font(size), fill=255)
    layer = layer.rotate(28, Image.Resampling.BICUBIC)
    left, top = (side - wide) // 2, (side - high) // 2
    share = np.asarray(layer.crop((left, top, left + wide, top + high)), np.float32) / 255
    mixed = page * (1 - strength * share[..., None]) + 105 * strength * share[..., None]
    return mixed.astype(np.uint8)
