"""What kind of file something is by its first bytes, and a harmless form of its name."""

import unicodedata

MEDIA_TYPES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "application/pdf": "PDF",
}
"""The types taken, with the names people know."""

_LONGEST_NAME = 100


def media_type_of(content: bytes) -> str | None:
    """The type of an allowed file; None for anything else, whatever it is called."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return None


def harmless_name(name: str) -> str:
    """A file name fit to be shown: no folders, no invisible characters, never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip()
    if len(visible) > _LONGEST_NAME:
        stem, dot, ending = visible.rpartition(".")
        tail = f"{dot}{ending}" if stem and len(ending) <= 8 else ""
        visible = visible[: _LONGEST_NAME - len(tail)] + tail
    return visible.strip(".") or "file"
