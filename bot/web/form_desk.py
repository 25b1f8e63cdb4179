"""Secure forms on top of the assistant: whom a token lets in, and to fill what."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from bot.web.ports import Filled, OpenForm
from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.forms import ask_in_form, read_back_masked, say_wrong
from dialogs.message import Identity
from dialogs.ports import FormGrant, FormStore

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")


@dataclass(slots=True)
class FormDesk:
    """Opens and fills secure forms. Tokens are looked up by their hash and not kept."""

    assistant: Assistant
    store: FormStore
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self, token: str) -> OpenForm | None:
        """The form behind a token; None if unknown, used, expired or overtaken."""
        found = await self._find(token)
        if found is None:
            return None
        grant, _, case = found
        world = self.assistant.world
        fields = ask_in_form(case, grant.steps, self.assistant.clock(), world)
        return OpenForm(case.locale, fields) if fields else None

    async def fill(self, token: str, values: Mapping[str, str]) -> Filled | None:
        """Take the answers; None as for :meth:`open`. The token is used up by success only."""
        async with self._turn:  # a double click must not fill twice; forms are few and quick
            found = await self._find(token)
            if found is None:
                return None
            grant, identity, case = found
            now, world = self.assistant.clock(), self.assistant.world
            typed = {
                one.key: values.get(one.key, "").strip()
                for one in ask_in_form(case, grant.steps, now, world)
                if values.get(one.key, "").strip() or not one.is_optional
            }
            wrong = await self.assistant.fill_form(identity, typed)
            if wrong:
                return Filled(
                    wrong={key: say_wrong(case, key, one, now, world) for key, one in wrong.items()}
                )
            await self.store.use(grant.token_hash, now)
            after = await self.assistant.case(identity, grant.locale)
            return Filled(received=read_back_masked(after, tuple(typed), now, world))

    async def _find(self, token: str) -> tuple[FormGrant, Identity, Case] | None:
        if not _TOKEN.fullmatch(token):
            return None
        grant = await self.store.find(_digest(token), self.assistant.clock())
        if grant is None or grant.identity is None:
            return None
        case = await self.assistant.case(grant.identity, grant.locale)
        # Another filing is being worked on by now: its answers must not come from this form.
        return (grant, grant.identity, case) if case.active == grant.filing_id else None


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
