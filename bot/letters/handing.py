"""Hands letters out: filled in from the filing as it stands at that moment, and kept nowhere."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from dialogs.assistant import Assistant
from dialogs.message import Identity, LetterFile
from dialogs.turn.letter_values import unknown, values_in

Letters: TypeAlias = Callable[[LetterFile], Awaitable[bytes]]
"""Fills in a letter of one person's filing. Raises LookupError where that cannot be done."""


@dataclass(slots=True)
class LetterDesk:
    """Letters of everybody. ``content`` is the operator's own content folder."""

    assistant: Assistant
    content: Path | None = None
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    def of(self, whose: Identity) -> Letters:
        """The letters of one person."""
        return partial(self.fetch, whose)

    async def fetch(self, whose: Identity, wanted: LetterFile) -> bytes:
        """One letter as a file.

        Raises LookupError if the person has no such filing, there is no such letter any more, or
        an answer it needs was taken back.
        """
        world = self.assistant.world
        case = await self.assistant.case_anew(whose)
        values = values_in(case, wanted.filing, self.assistant.clock(), world)
        letter = world.letters.letters.get(wanted.key)
        if values is None or letter is None or unknown(letter, values):
            raise LookupError("this letter cannot be filled in")
        # Imported here: it takes a while, and many conversations never come to a letter.
        from bot.letters.making import make_letter
        from bot.letters.template import read_template

        async with self._room:
            template = await asyncio.to_thread(read_template, letter, self.content)
            return await asyncio.to_thread(make_letter, letter, template, values, wanted.format)
