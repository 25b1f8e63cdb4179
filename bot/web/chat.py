"""The chat API: a message in, the transcript out, news as server-sent events."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.state import reply_as_data
from bot.web.body import read_body
from bot.web.config import WebConfig
from bot.web.entries import entries_after, entry_as_data
from bot.web.hub import Hub
from bot.web.ports import Talks, Typing
from bot.web.problems import Problem
from bot.web.talking import talk
from bot.web.visit import Door
from dialogs.message import Identity, Inbound
from dialogs.ports import Transcript
from dialogs.understanding.footer_requests import is_html

_MAX_BODY = 64 * 1024  # bytes; what may be pasted, 20,000 characters, needs no more
_MAX_SEQ = 2**63 - 1
_TYPING = 0.2  # a sign of typing counts as so many messages


class Message(BaseModel):
    """A message as the page sends it. ``id`` is made by the page: sent twice, it counts once."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    text: str | None = None
    button: str | None = Field(None, max_length=200)
    label: str | None = Field(None, max_length=200)
    locale: Literal["zh-CN", "en"] | None = None
    after: int = Field(0, ge=0, le=_MAX_SEQ)

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Message":
        if (self.text is None) == (self.button is None):
            raise ValueError("either text or button")
        return self


@dataclass(frozen=True, slots=True)
class Chat:
    """What the routes work with."""

    config: WebConfig
    door: Door
    assistant: Talks
    transcript: Transcript
    hub: Hub
    typing: Typing | None = None


def chat_router(chat: Chat) -> APIRouter:
    """The routes under ``/api/v1/chat``."""
    router = APIRouter(prefix="/api/v1/chat")

    def reader(request: Request) -> Identity:
        return chat.door.reader(request)

    def writer(request: Request) -> Identity:
        return chat.door.writer(request)

    @router.post("/messages")
    async def send(
        request: Request, identity: Annotated[Identity, Depends(writer)]
    ) -> dict[str, Any]:
        body = await read_body(request, _MAX_BODY)
        message = read_message(body, chat.config.max_text, chat.config.max_html)
        handled = await talk(
            chat.assistant,
            chat.door.metrics,
            Inbound(
                identity,
                str(message.id),
                chat.assistant.clock(),
                text=message.text,
                button=message.button,
                label=message.label,
                locale=message.locale,
            ),
        )
        entries = await entries_after(chat.transcript, identity, message.after)
        return {
            "seq": entries[-1].seq if entries else message.after,
            "owner": await chat.transcript.owner(identity),
            "replies": [reply_as_data(reply) for reply in handled.replies],
            "entries": [entry_as_data(entry) for entry in entries],
        }

    @router.post("/typing")
    async def types(request: Request) -> dict[str, bool]:
        identity = chat.door.writer(request, _TYPING)
        return {"watched": chat.typing is not None and await chat.typing.applicant_types(identity)}

    @router.get("/transcript")
    async def transcript(
        identity: Annotated[Identity, Depends(reader)], after: str = "0"
    ) -> dict[str, Any]:
        known = _seq(after)
        entries = await entries_after(chat.transcript, identity, known)
        return {
            "seq": entries[-1].seq if entries else known,
            "owner": await chat.transcript.owner(identity),
            "entries": [entry_as_data(entry) for entry in entries],
        }

    @router.get("/events", response_class=EventSourceResponse)
    async def events(
        identity: Annotated[Identity, Depends(reader)],
        after: str = "0",
        owner: Annotated[str, Query(max_length=40)] = "",
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """What is said, as it is said. ``changed`` ends the stream: the lines the page shows are
        no longer the visitor's, or more of them are, so that it has to read them anew."""
        seq = max(_seq(after), _seq(last_event_id or "0"))
        with chat.door.metrics.stream(), chat.hub.stream(identity) as stream:
            # A restart ends all streams at once; they shall not come back at once.
            yield ServerSentEvent(event="open", data={}, retry=500 + secrets.randbelow(1500))
            while stream.is_open:
                stream.rearm()
                present = await chat.transcript.owner(identity)
                if owner and present != owner:
                    yield ServerSentEvent(event="changed", data={"owner": present})
                    return
                owner = present
                for entry in await entries_after(chat.transcript, identity, seq):
                    seq = entry.seq
                    yield ServerSentEvent(
                        event="entry", id=str(entry.seq), data=entry_as_data(entry)
                    )
                if chat.typing is not None and await chat.typing.staff_types(identity):
                    yield ServerSentEvent(event="typing", data={})
                await stream.wait(chat.config.recheck)
            if stream.was_replaced:
                yield ServerSentEvent(event="replaced", data={})

    return router


def read_message(body: bytes, max_text: int, max_html: int) -> Message:
    """Read a message's JSON. Raises Problem, which never quotes what was sent."""
    try:
        message = Message.model_validate_json(body)
    except ValidationError as error:
        kinds = {one["type"] for one in error.errors(include_input=False, include_context=False)}
        if "json_invalid" in kinds:
            raise Problem(400, "not_json") from None
        fields = {str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]}
        raise Problem(422, "bad_message", fields=", ".join(sorted(fields)) or "text") from None
    if message.text is not None:
        if not message.text.strip():
            raise Problem(422, "empty_text")
        most = max_html if is_html(message.text) else max_text
        if len(message.text) > most:
            raise Problem(422, "long_text", max=most, length=len(message.text))
    return message


def _seq(text: str) -> int:
    """A place in the transcript; what is no number means its beginning."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
