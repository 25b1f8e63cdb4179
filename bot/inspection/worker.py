"""The program that looks at pictures, one after another, for as long as it is asked."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from bot.inspection.judging import Wanted
from bot.inspection.limits import Limits, load_limits
from bot.inspection.looking import Look, look
from bot.inspection.serving import serve

_MEMORY: Final = 3 * 2**29  # bytes of address space: a picture of 40 megapixels, and code
_WANTED: Final = TypeAdapter(Wanted)
_limits: dict[str | None, Limits] = {}


def main() -> None:
    """Look at pictures until nobody asks any more."""
    serve(_answer, memory=_MEMORY)


def _answer(given: dict[str, Any], content: bytes) -> dict[str, Any]:
    extra: str | None = given["content"]
    if extra not in _limits:
        _limits[extra] = load_limits(None if extra is None else Path(extra))
    seen = look(content, _WANTED.validate_python(given["wanted"]), _limits[extra])
    return _told(seen)


def _told(seen: Look) -> dict[str, Any]:
    findings = [
        {
            "code": one.code,
            "level": one.level,
            "box": None if one.box is None else asdict(one.box),
            "params": dict(one.params),
        }
        for one in seen.findings
    ]
    return {
        "width": seen.width,
        "height": seen.height,
        "findings": findings,
        "codes": list(seen.codes),
        "shown": asdict(seen.shown),
    }


if __name__ == "__main__":
    main()
