"""Where a link on a page leads, however badly it is written."""

from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """The host, in lower case; "" for what leads to no host."""
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """The path, in lower case; "" for what has none."""
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""
