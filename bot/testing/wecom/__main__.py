"""A rehearsal: be the customer, and the servicers, in this terminal, as with WeCom."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from bot.testing.rehearsing import Act, Console, converse, introduce, play
from bot.testing.wecom.customers import Customer
from bot.testing.wecom.server import FakeWeCom

SERVICER: Final = "zhangsan"

_HELP = f"""\
then write here; numbers tap what is offered. Besides,
  /photo FILE, /file FILE   sends one; /voice, /video, /place and /link ADDRESS send such a message
  /recall                   takes the last message back
  /take, /reply TEXT, /end  is {SERVICER}, a servicer in WeCom: takes the session, answers, ends it
  /block                    lets nothing through any more; /block again ends that"""


def acts_of(customer: Customer) -> Mapping[str, Act]:
    """What can be done besides writing, by name."""

    async def send(kind: str, **content: object) -> None:
        customer.send(kind, content)

    async def send_kept(kind: str) -> None:
        await send(kind, media_id=customer.corp.keep(kind, kind, b"rehearsal"))

    async def photo(path: str) -> None:
        await customer.send_file("", await asyncio.to_thread(Path(path).read_bytes), photo=True)

    async def file(path: str) -> None:
        content = await asyncio.to_thread(Path(path).read_bytes)
        await customer.send_file(Path(path).name, content)

    async def recall(_: str) -> None:
        if not customer.newest:
            raise LookupError("nothing was written yet")
        await customer.recall(customer.newest)

    async def block(_: str) -> None:
        customer.profile.blocks = not customer.profile.blocks

    return {
        "photo": photo,
        "file": file,
        "voice": lambda _: send_kept("voice"),
        "video": lambda _: send_kept("video"),
        "place": lambda _: send("location", latitude=31.2, longitude=121.5, name="这里"),
        "link": lambda url: send("link", title=url, url=url),
        "recall": recall,
        "take": lambda _: customer.taken_by(SERVICER),
        "reply": lambda text: customer.answered_by(SERVICER, text),
        "end": lambda _: customer.left_by(SERVICER),
        "block": block,
    }


def console_of(wecom: FakeWeCom, out: TextIO) -> Console:
    """Somebody who opens the chat with their first line."""
    customer = Customer(wecom.corp)
    return Console(customer, customer.enter, out, acts_of(customer))


async def rehearse(port: int, callback: str, read_line: Callable[[], str], out: TextIO) -> None:
    """Serve until the lines end."""
    async with FakeWeCom(port) as wecom:
        wecom.corp.callback_url = callback
        introduce(wecom.settings(), callback, _HELP, out)
        await converse(console_of(wecom, out), wecom.callbacks, read_line, out)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point."""
    play(rehearse, "wecom", __doc__, 9002, arguments)


if __name__ == "__main__":
    main()
