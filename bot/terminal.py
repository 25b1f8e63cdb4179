"""The assistant in a terminal: type, or pick a numbered choice."""

import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

from bot.attachments import on_disk
from dialogs.assistant import Assistant
from dialogs.message import Button, Identity, Inbound, Reply


@dataclass(slots=True)
class Terminal:
    """One person at one terminal. Numbers pick the buttons last shown."""

    assistant: Assistant
    clock: Callable[[], datetime]
    identity: Identity
    locale: str
    out: TextIO = field(default_factory=lambda: sys.stdout)
    shown: tuple[Button, ...] = ()

    async def greet(self) -> None:
        """Begin, or pick up where the conversation stopped."""
        await self._send(text="继续" if self.locale == "zh-CN" else "continue")

    async def take(self, line: str) -> None:
        """One line typed."""
        text = line.strip()
        if text.isdecimal() and 1 <= int(text) <= len(self.shown):
            await self._send(button=self.shown[int(text) - 1].value)
        elif text:
            await self._send(text=text)

    async def _send(self, text: str | None = None, button: str | None = None) -> None:
        inbound = Inbound(
            self.identity,
            uuid.uuid4().hex,
            self.clock(),
            text=text,
            button=button,
            locale=self.locale,
        )
        handled = await self.assistant.handle(inbound)
        self.shown = ()
        for reply in await on_disk(handled.replies):
            self._print(reply)

    def _print(self, reply: Reply) -> None:
        print(f"\n{reply.text}", file=self.out)
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
