"""What can be wrong with a picture of a paper: the codes that findings carry."""

from enum import StrEnum


class PictureCode(StrEnum):
    """A fault of a picture. Its words are ``picture.<code>``, its parameters ``PARAMS``."""

    FORMAT_UNUSUAL = "format_unusual"  # not one of the formats the provider takes
    TOO_MANY_BYTES = "too_many_bytes"  # a larger file than the provider takes
    TOO_FEW_PIXELS = "too_few_pixels"  # small print cannot be read at this size
    GREYSCALE = "greyscale"  # 黑白件: no colour at all
    PHOTOCOPY = "photocopy"  # 复印件: colour only from the light
    BLURRED = "blurred"  # out of focus or moved
    GLARE = "glare"  # 反光: a white patch over what is printed
    DARK = "dark"  # too little light
    TILTED = "tilted"  # neither upright nor nearly so
    SIDEWAYS = "sideways"  # lines of text run from top to bottom
    CORNERS_CUT = "corners_cut"  # not all four edges are in the picture
    TOO_SMALL_IN_PICTURE = "too_small_in_picture"  # taken from too far away
    SCREEN = "screen"  # 翻拍屏幕: taken of a screen
    WRONG_DOCUMENT = "wrong_document"  # another paper than was asked for
    WRONG_SIDE = "wrong_side"  # 人像面 for 国徽面, or the other way round
    EXPIRED = "expired"  # no longer valid
    EXPIRES_SOON = "expires_soon"  # ends too soon for the rules, or is better renewed first
    NAME_DIFFERS = "name_differs"  # another name than was answered
    NUMBER_DIFFERS = "number_differs"  # another number than was answered
    WATERMARK = "watermark"  # writing laid over the paper
    UNCHECKED = "unchecked"  # the checks could not be done


_C = PictureCode

PARAMS: dict[PictureCode, frozenset[str]] = dict.fromkeys(PictureCode, frozenset[str]()) | {
    _C.FORMAT_UNUSUAL: frozenset({"formats"}),
    _C.TOO_MANY_BYTES: frozenset({"megabytes", "max"}),
    _C.TOO_FEW_PIXELS: frozenset({"width", "height", "min"}),
    _C.TILTED: frozenset({"degrees"}),
    _C.CORNERS_CUT: frozenset({"sides"}),
    _C.WRONG_DOCUMENT: frozenset({"seen", "sought"}),
    _C.WRONG_SIDE: frozenset({"seen"}),
    _C.EXPIRED: frozenset({"until"}),
    _C.EXPIRES_SOON: frozenset({"until", "months"}),
}
"""Which parameters the words of a code may use, in every finding of it."""
