"""A harmless form of what people's devices call their files."""

import unicodedata

_LONGEST_NAME = 100


def harmless_name(name: str) -> str:
    """A file name fit to be shown: no folders, no invisible characters, never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip()
    if len(visible) > _LONGEST_NAME:
        stem, dot, ending = visible.rpartition(".")
        tail = f"{dot}{ending}" if stem and len(ending) <= 8 else ""
        visible = visible[: _LONGEST_NAME - len(tail)] + tail
    return visible.strip(".") or "file"
