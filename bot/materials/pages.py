"""Pages of a PDF as clean pictures. Runs in a child process only: it reads strangers' bytes."""

import ctypes
from typing import Any, Final

from pylopdf_fonts_zh_cn import sans_path
from pypdfium2 import PdfDocument, PdfiumError, raw

from bot.materials.decoding import Picture, encode, scale_for
from bot.materials.limits import MAX_PAGES
from filing.invalid import Invalid, invalid

_DOTS_PER_INCH: Final = 200
_SHORTEST: Final = 0.5  # points: nothing is drawn of a page without a size
_keep: list[Any] = []  # what the library goes on reading


def clean_pages(content: bytes, max_bytes: int) -> tuple[Picture, ...] | Invalid:
    """Every page of a PDF as a picture; or why there is none to be had."""
    _use_own_fonts()
    try:
        document = PdfDocument(content)
    except PdfiumError as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        return invalid("file.pdf_locked") if locked else invalid("file.broken")
    try:
        if not len(document):
            return invalid("file.broken")
        if len(document) > MAX_PAGES:
            return invalid("file.pdf_pages", pages=len(document), max=MAX_PAGES)
        return tuple(_page(document, number, max_bytes) for number in range(len(document)))
    except (PdfiumError, ValueError):
        return invalid("file.broken")


def _page(document: PdfDocument, number: int, max_bytes: int) -> Picture:
    page = document[number]
    width, height = page.get_size()
    if min(width, height) < _SHORTEST:
        raise ValueError("a page without a size")
    shown = page.render(scale=scale_for(width, height, _DOTS_PER_INCH), may_draw_forms=False)
    return encode(shown.to_pil(), max_bytes)


def _use_own_fonts() -> None:
    """Draw Chinese letters a PDF did not bring along with the font we ship.

    Otherwise they are left out on a machine without such fonts, as servers are, and a domain
    certificate of many a registrar comes out empty.
    """
    if _keep:
        return
    paths = (ctypes.c_char_p * 2)(str(sans_path().parent).encode(), None)
    config = raw.FPDF_LIBRARY_CONFIG(version=2)
    config.m_pUserFontPaths = ctypes.cast(paths, type(config.m_pUserFontPaths))
    raw.FPDF_DestroyLibrary()
    raw.FPDF_InitLibraryWithConfig(config)
    _keep.extend((paths, config))
