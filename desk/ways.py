"""Addresses that a request names to go on to: only those of the desk are followed."""

from desk.config import BASE


def way_back(wanted: str) -> str:
    """The address if it is a page of the desk, else the desk's first page."""
    is_ours = wanted.startswith(f"{BASE}/") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_ours and "//" not in wanted.partition("?")[0] else f"{BASE}/"
