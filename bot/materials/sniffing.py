"""What kind of file something is by its first bytes, whatever it is called."""

from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"
PDF: Final = "application/pdf"

MEDIA_TYPES: Final = {JPEG: "JPEG", PNG: "PNG", WEBP: "WebP", HEIC: "HEIC", PDF: "PDF"}
"""The types taken, with the names people know."""

ACCEPTED: Final = ",".join((*MEDIA_TYPES, ".heic", ".heif"))
"""For a page's file picker; many a browser knows no name for HEIC but its endings."""

_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)
_NO_PICTURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "office"),  # docx, xlsx and wps are ZIP archives too
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"{\\rtf", "office"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\x1a\x45\xdf\xa3", "video"),
    (b"\x00\x00\x01\xba", "video"),
)
_VIDEO_BRANDS: Final = frozenset(
    {b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V ", b"3gp4", b"3gp5"}
)


def media_type_of(content: bytes) -> str | None:
    """The type of an allowed file; None for anything else, whatever it is called."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    if content.startswith(b"%PDF-"):
        return PDF
    return None


def looks_like(content: bytes) -> str | None:
    """What a file that is not taken seems to be: ``office``, ``archive``, ``video``, or unknown."""
    if content[4:8] == b"ftyp" and content[8:12] in _VIDEO_BRANDS:
        return "video"
    for begin, kind in _NO_PICTURES:
        if content.startswith(begin):
            if kind == "office" and content.startswith(b"PK") and not _is_office(content):
                return "archive"
            return kind
    return None


def webp_size(content: bytes) -> tuple[int, int]:
    """Width and height that a WebP's header says; 0 where it says none (RFC 9649, 2.5 to 2.7)."""
    match content[12:16]:
        case b"VP8X":
            return 1 + _little(content[24:27]), 1 + _little(content[27:30])
        case b"VP8L":
            bits = _little(content[21:25])
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            return _little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF
    return 0, 0


def _little(part: bytes) -> int:
    return int.from_bytes(part, "little")


def _is_office(content: bytes) -> bool:
    """Whether a ZIP archive holds an office document, by the names at its beginning or end."""
    return any(
        name in part
        for part in (content[:4096], content[-4096:])
        for name in (b"[Content_Types].xml", b"mimetypeapplication/vnd.", b"word/", b"xl/")
    )
