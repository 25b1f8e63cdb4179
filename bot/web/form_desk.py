"""Secure forms on top of the assistant: whom a token lets in, and to fill what."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal

from bot.letters.handing import LetterDesk
from bot.materials.receiving import Receiver, Refused
from bot.privacy.copies import Copies
from bot.web.ports import (
    Filled,
    LetterContent,
    OfferedLetter,
    OpenForm,
    OpenLetters,
    TakenPictures,
)
from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.forms import PICTURE, Received, ask_in_form, read_back_masked, say_wrong
from dialogs.granting import COPIES, LETTER
from dialogs.message import Identity, IncomingFile, LetterFile
from dialogs.ports import FormGrant, FormStore, SpentForm
from dialogs.turn.papers import PICTURE_FIELD
from filing.invalid import invalid
from knowledge.letter_book import LetterForm
from storage.ports import Files

MOST_PICTURES: Final = 12
"""Pictures for one paper: two sides, or the pages of the longest."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")


@dataclass(slots=True)
class FormDesk:
    """Opens and fills secure forms. Tokens are looked up by their hash and not kept."""

    assistant: Assistant
    store: FormStore
    receiver: Receiver | None = None  # lets in pictures, where forms take any
    files: Files | None = None
    desk: LetterDesk | None = None  # fills letters in, where pages hand out any
    copies: Copies | None = None  # makes copies of what is kept, where pages hand out any
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

    async def receive(
        self, token: str, field: str, name: str, content: bytes
    ) -> TakenPictures | None:
        """Let a file in for a field of pictures; None as for :meth:`open`, or for no such field.

        It belongs to no paper before the form is sent: until then it is only kept.
        """
        found = await self._find(token)
        if found is None or self.receiver is None:
            return None
        grant, identity, case = found
        now, world = self.assistant.clock(), self.assistant.world
        asked = ask_in_form(case, grant.steps, now, world)
        if not any(one.key == field and one.kind == PICTURE for one in asked):
            return None
        outcome = await self.receiver.receive(identity, name, content)
        if isinstance(outcome, Refused):
            return TakenPictures(wrong=say_wrong(case, field, outcome.wrong, now, world))
        return TakenPictures(tuple(file.file_id for file in outcome.files))

    async def fill(
        self, token: str, values: Mapping[str, str], pictures: Mapping[str, Sequence[str]]
    ) -> Filled | None:
        """Take the answers, and the pictures let in before by field; None as for :meth:`open`.

        The token is used up by success only, with the first that counts: of two clicks, here or
        in another process, one finds it used.
        """
        try:
            return await self._filled(token, values, pictures)
        except SpentForm:
            return None

    async def _filled(
        self, token: str, values: Mapping[str, str], pictures: Mapping[str, Sequence[str]]
    ) -> Filled | None:
        found = await self._find(token)
        if found is None:
            return None
        grant, identity, case = found
        now, world = self.assistant.clock(), self.assistant.world
        fields = ask_in_form(case, grant.steps, now, world)
        shown = {one.key: one for one in fields if one.kind == PICTURE}
        files = {key: await self._files(case, pictures.get(key, ())) for key in shown}
        missing = {
            key: say_wrong(case, key, invalid("upload.expected"), now, world)
            for key, sent in files.items()
            if not sent
        }
        if missing:
            return Filled(wrong=missing)
        typed = {
            one.key: values.get(one.key, "").strip()
            for one in fields
            if one.key not in shown and (values.get(one.key, "").strip() or not one.is_optional)
        }
        form: str | None = grant.token_hash  # used up with the first turn
        wrong = await self.assistant.fill_form(identity, typed, form) if typed else {}
        if wrong:
            return Filled(
                wrong={key: say_wrong(case, key, one, now, world) for key, one in wrong.items()}
            )
        form = None if typed else form
        said: list[str] = []
        for key, sent in files.items():
            slot = key.removeprefix(PICTURE_FIELD)
            handled = await self.assistant.hand_in_pictures(identity, slot, sent, form)
            form = None
            # The first is about the pictures; what follows may show answers, and this page
            # only takes.
            said += (reply.text for reply in handled.replies[:1])
        if form is not None and not await self.store.use(form, now):  # left empty, as it may be
            return None
        after = await self.assistant.case(identity, grant.locale)
        received = read_back_masked(after, tuple(typed), now, world)
        counted = tuple(Received(shown[key].label, f"×{len(sent)}") for key, sent in files.items())
        return Filled((*received, *counted), said=tuple(said))

    async def _files(self, case: Case, ids: Sequence[str]) -> tuple[IncomingFile, ...]:
        """Pictures that were let in for this person; others, and a second time, do not count."""
        files: list[IncomingFile] = []
        handed_in = {one.id for filing in case.filings.values() for one in filing.materials}
        for file_id in dict.fromkeys(ids[:MOST_PICTURES]):
            if file_id in handed_in:
                continue
            try:
                kept = await self.files.get(file_id) if self.files is not None else None
            except LookupError:
                continue
            if kept is not None and kept.owner == case.identity:
                size = len(kept.content)
                files.append(IncomingFile(kept.id, kept.name, kept.media_type, size))
        return tuple(files)

    async def letters(self, token: str) -> OpenLetters | None:
        """The letters behind a token; None if it is no token of letters, or as :meth:`open`."""
        found = await self._find(token)
        if found is None or self.desk is None:
            return None
        grant, _, case = found
        locale = case.locale
        offered = tuple(
            OfferedLetter(
                one.key, one.title[locale], one.sign[locale], one.official.get(locale, "")
            )
            for key in grant.steps
            if (one := self._letter(key)) is not None
        )
        return OpenLetters(locale, offered) if offered else None

    async def fetch(
        self, token: str, key: str, form: Literal["docx", "pdf"]
    ) -> LetterContent | None:
        """One of these letters as a file; None as for :meth:`letters`."""
        found = await self._find(token)
        letter = self._letter(f"{LETTER}{key}")
        if found is None or letter is None or self.desk is None:
            return None
        grant, identity, _ = found
        if f"{LETTER}{key}" not in grant.steps:
            return None
        try:
            wanted = LetterFile(grant.filing_id, key, form)
            content = await self.desk.fetch(identity, wanted)
        except LookupError:
            return None
        return LetterContent(f"{letter.title['zh-CN']}.{form}", content)

    async def offers_copy(self, token: str) -> str | None:
        """In which language a copy is offered; None for another token, or as :meth:`open`."""
        found = await self._find(token)
        if found is None or self.copies is None or found[0].steps != (COPIES,):
            return None
        return found[2].locale

    async def copy(self, token: str) -> AsyncIterator[bytes] | None:
        """The copy in parts, and the token used up; None as for :meth:`offers_copy`.

        Raises TooManyCopies.
        """
        async with self._turn:
            found = await self._find(token)
            if found is None or self.copies is None or found[0].steps != (COPIES,):
                return None
            grant, identity, _ = found
            case = await self.copies.begin(identity)
            if not await self.store.use(grant.token_hash, self.assistant.clock()):
                return None
        return self.copies.parts(case)

    def _letter(self, step: str) -> LetterForm | None:
        key = step.removeprefix(LETTER) if step.startswith(LETTER) else ""
        return self.assistant.world.letters.letters.get(key)

    async def _find(self, token: str) -> tuple[FormGrant, Identity, Case] | None:
        if not _TOKEN.fullmatch(token):
            return None
        grant = await self.store.find(_digest(token), self.assistant.clock())
        if grant is None or grant.identity is None:
            return None
        case = await self.assistant.case_anew(grant.identity, grant.locale)
        # Another filing is being worked on by now: its answers must not come from this form.
        known = case.filings if grant.steps == (COPIES,) else (case.active,)
        return (grant, grant.identity, case) if grant.filing_id in known else None


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
