"""The assistant in a terminal: type, or pick a numbered choice."""

import asyncio
import re
import shlex
import sys
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.attachments import Copy, on_disk
from bot.letters.handing import Letters
from bot.materials.receiving import Receiver
from dialogs.assistant import Assistant
from dialogs.message import Button, Identity, Inbound, IncomingFile, Reply
from dialogs.ports import Transcript

_FILE_HELP = {
    "zh-CN": "发文件请写路径，例如 /file 执照.jpg；有空格的路径加引号，可以写多个。",
    "en": 'To send files write their paths, as in: /file licence.jpg "second page.pdf"',
}


@dataclass(slots=True)
class Terminal:
    """One person at one terminal. Numbers pick the buttons last shown, ``/file`` sends files."""

    assistant: Assistant
    clock: Callable[[], datetime]
    identity: Identity
    locale: str
    kept: Path  # the folder that files in replies are put into
    out: TextIO = field(default_factory=lambda: sys.stdout)
    receiver: Receiver | None = None  # lets in files named by ``/file``
    letters: Letters | None = None
    copy: Copy | None = None
    shown: tuple[Button, ...] = ()
    _printed: set[str] = field(default_factory=set)  # ids of what stands on the screen
    _screen: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def greet(self) -> None:
        """Begin, or pick up where the conversation stopped."""
        await self._send(text="继续" if self.locale == "zh-CN" else "continue")

    async def take(self, line: str) -> None:
        """One line typed."""
        text = line.strip()
        if text.isdecimal() and 1 <= int(text) <= len(self.shown):
            await self._send(button=self.shown[int(text) - 1].value)
        elif self.receiver is not None and re.match(r"/file(\s|$)", text):
            await self._send_files(self.receiver, text.removeprefix("/file"))
        elif text:
            await self._send(text=text)

    async def _send_files(self, receiver: Receiver, named: str) -> None:
        """``/file`` with one path or several, those with blanks in quotes."""
        try:
            paths = [Path(one) for one in shlex.split(named)]
            contents = [await asyncio.to_thread(_content, path) for path in paths]
        except (OSError, ValueError) as error:
            print(f"\n{error}", file=self.out)
            paths, contents = [], []
        if not paths:
            print(f"\n{_FILE_HELP[self.locale]}", file=self.out, flush=True)
            return
        files: tuple[IncomingFile, ...] = ()
        for path, content in zip(paths, contents, strict=True):
            files += await receiver.take(self.assistant, self.identity, path.name, content)
        await self._send(files=files)

    async def _send(
        self,
        text: str | None = None,
        button: str | None = None,
        files: tuple[IncomingFile, ...] = (),
    ) -> None:
        inbound = Inbound(
            self.identity,
            uuid.uuid4().hex,
            self.clock(),
            text=text,
            button=button,
            files=files,
            locale=self.locale,
        )
        async with self._screen:
            handled = await self.assistant.handle(inbound)
            self._printed.update(one.id for one in handled.outgoing)
            self.shown = ()
            for reply in await self._on_disk(handled.replies):
                self._print(reply)

    async def follow(self, transcript: Transcript, every: float = 1.0) -> None:
        """Print what others say here, a colleague say, until cancelled; not what was before."""
        seq = await self._news(transcript, 0, is_old=True)
        while True:
            async with self._screen:
                seq = await self._news(transcript, seq)
            await asyncio.sleep(every)

    async def _news(self, transcript: Transcript, seq: int, *, is_old: bool = False) -> int:
        """Print what stands in the transcript after ``seq`` and not on the screen; its end."""
        while entries := await transcript.since(self.identity, seq):
            seq = entries[-1].seq
            said = [
                entry.said
                for entry in entries
                if entry.said is not None and entry.outgoing_id not in self._printed
            ]
            for reply in () if is_old else await self._on_disk(said):
                self._print(reply)
        return seq

    async def _on_disk(self, replies: Sequence[Reply]) -> tuple[Reply, ...]:
        return await on_disk(replies, self.kept, letters=self.letters, copy=self.copy)

    def _print(self, reply: Reply) -> None:
        print(f"\n{reply.signed_text}", file=self.out)
        for citation in reply.citations:
            print(f"  —— {citation.title}（{citation.as_of}）", file=self.out)
        for file in reply.files:
            print(f"  📎 {file.path}", file=self.out)
        for button in reply.buttons:
            if button.url is not None:
                print(f"  {button.label}: {button.url}", file=self.out)
                continue
            self.shown = (*self.shown, button)
            print(f"  [{len(self.shown)}] {button.label}", file=self.out)
        self.out.flush()


def _content(path: Path) -> bytes:
    return path.expanduser().read_bytes()
