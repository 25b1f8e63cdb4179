"""A worker that does what pictures do to bad libraries: dies, hangs, babbles, or answers."""

import os
import time
from typing import Any

from bot.inspection.serving import serve


def _answer(given: dict[str, Any], content: bytes) -> dict[str, Any]:
    if content == b"die":
        os._exit(3)
    if content == b"hang":
        time.sleep(600)
    if content == b"fail":
        raise KeyError("of a library")
    print("a library says something")
    return {"pid": os.getpid(), "length": len(content)}


if __name__ == "__main__":
    serve(_answer, memory=2**30)
