"""Staff who watch the queue: each an open event stream; prints when each got which update.

Reads one line of JSON, ``{"address": …, "tokens": […]}``, says "watching" once all streams are
open, and writes down what comes until the next line.
"""

import asyncio
import json
import re
import sys
from time import monotonic

_ROW = re.compile(rb'"id":"([0-9a-f]{32})".*?"heard":"([^"]+)"')
"""A row: whose, and when they wrote last, to the second."""

Got = tuple[float, str]
"""When a row came (monotonic), and when its applicant had written last by then."""


async def _watch(address: str, token: str, opened: asyncio.Event) -> dict[str, list[Got]]:
    """One stream, until it is cancelled."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**26)
    writer.write(
        f"GET /desk/queue/events HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n"
        f"Cookie: beian-desk={token}\r\n\r\n".encode()
    )
    status = await reader.readline()
    assert b" 200 " in status, status
    seen: dict[str, list[Got]] = {}
    try:
        while line := await reader.readline():
            if not line.startswith(b"data: "):
                continue
            opened.set()  # the whole view came, or a patch
            now = monotonic()
            for scope, heard in _ROW.findall(line):
                seen.setdefault(scope.decode(), []).append((now, heard.decode()))
    except asyncio.CancelledError:
        pass
    writer.close()
    return seen


async def main() -> None:
    """Watch until told to stop."""
    order = json.loads(sys.stdin.readline())
    opened = [asyncio.Event() for _ in order["tokens"]]
    tasks = [
        asyncio.create_task(_watch(order["address"], token, one))
        for token, one in zip(order["tokens"], opened, strict=True)
    ]
    for one in opened:
        await one.wait()
    print("watching", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for task in tasks:
        task.cancel()
    print(json.dumps(await asyncio.gather(*tasks)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
