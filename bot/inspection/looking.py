"""Looking at one picture: its file, its measures and what it seems to show."""

from dataclasses import dataclass, field

from bot.inspection.judging import Wanted, judge
from bot.inspection.limits import Limits
from bot.inspection.measures.codes import code_texts
from bot.inspection.measures.layout import layout
from bot.inspection.scene import see
from bot.inspection.showing import NOTHING, Shown, shown
from bot.inspection.view import Unreadable, View, open_view
from filing.finding import Level
from filing.materials.material import PictureFinding
from filing.materials.picture_code import PictureCode

_NAMES = {"JPEG": ("jpg", "jpeg"), "PNG": ("png",), "WEBP": ("webp",), "GIF": ("gif",)}


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a picture. ``codes`` are the texts of its QR codes."""

    width: int
    height: int
    findings: tuple[PictureFinding, ...] = ()
    codes: tuple[str, ...] = field(default=(), repr=False)
    shown: Shown = NOTHING


def look(content: bytes, wanted: Wanted, limits: Limits) -> Look:
    """Look at a picture. Bytes that are none, or one too large to open, are a finding."""
    try:
        view = open_view(content)
    except Unreadable:
        return Look(0, 0, (PictureFinding(PictureCode.UNCHECKED, Level.WARN),))
    scene = see(
        view,
        least_fit=limits.least_fit,
        least_contrast=limits.least_contrast,
        most_outside=limits.most_outside,
        most_lean=limits.most_lean,
    )
    seems = shown(layout(scene))
    findings = [*_of_the_file(view, len(content), wanted), *judge(scene, wanted, limits)]
    if seems.is_turned:
        findings.append(PictureFinding(PictureCode.SIDEWAYS, Level.WARN))
    return Look(view.width, view.height, tuple(findings), code_texts(scene), seems)


def _of_the_file(view: View, size: int, wanted: Wanted) -> list[PictureFinding]:
    found = []
    if not set(_NAMES.get(view.format, ())) & set(wanted.formats):
        told = {"formats": "、".join(wanted.formats)}
        found.append(PictureFinding(PictureCode.FORMAT_UNUSUAL, Level.REFUSE, params=told))
    if size > wanted.max_bytes:
        told = {"megabytes": f"{size / 1e6:.1f}", "max": f"{wanted.max_bytes / 1e6:g}"}
        found.append(PictureFinding(PictureCode.TOO_MANY_BYTES, Level.REFUSE, params=told))
    return found
