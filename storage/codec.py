"""What goes into an encrypted column: values of the dialogue as JSON, and back.

Unknown fields of a stored value are left out and missing ones take their default, so rows of an
earlier or a later version can be read.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from dialogs.case import Attention
from dialogs.message import IncomingFile, Reply
from filing.materials.material import Material, PictureFinding, Verdict
from storage.errors import UnreadableRecord

T = TypeVar("T", Attention, Reply)

_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
_ATTENTION: TypeAdapter[Attention] = TypeAdapter(Attention)
_FOUND: TypeAdapter[tuple[tuple[PictureFinding, ...], date | None]] = TypeAdapter(
    tuple[tuple[PictureFinding, ...], date | None]
)
_FILES: TypeAdapter[tuple[IncomingFile, ...]] = TypeAdapter(tuple[IncomingFile, ...])


def _dump(adapter: TypeAdapter[T], value: T) -> bytes:
    try:
        return adapter.dump_json(value)
    except PydanticSerializationError:
        # A broken character (half of an emoji, say) must not stop a turn.
        text = json.dumps(asdict(value), ensure_ascii=False, default=datetime.isoformat)
        return dump_text(text)


def dump_reply(reply: Reply) -> bytes:
    """A reply as JSON in UTF-8."""
    return _dump(_REPLY, reply)


def load_reply(data: bytes, place: str) -> Reply:
    """A stored reply; ``place`` is named if it cannot be read."""
    try:
        return _REPLY.validate_json(data)
    except ValidationError:
        # The error's own text shows the value.
        raise UnreadableRecord(place) from None


def dump_attention(attention: Attention) -> bytes:
    """What the dialogue has in mind, as JSON in UTF-8."""
    return _dump(_ATTENTION, attention)


def load_attention(data: bytes) -> Attention:
    """Stored attention; empty if this version cannot make sense of it: it is safe to lose."""
    try:
        return _ATTENTION.validate_json(data)
    except ValidationError:
        return Attention()


def dump_files(files: tuple[IncomingFile, ...]) -> bytes:
    """What is known of files that were kept, as JSON in UTF-8."""
    return dump_text(json.dumps([asdict(file) for file in files], ensure_ascii=False))


def load_files(data: bytes) -> tuple[IncomingFile, ...]:
    """What is known of files that were kept; none if this version cannot make sense of it."""
    try:
        return _FILES.validate_json(data)
    except ValidationError:
        return ()


def dump_text(text: str) -> bytes:
    """A text in UTF-8; a broken character becomes a question mark."""
    return text.encode("utf-8", "replace")


def dump_answer(value: str | None, basis: str) -> bytes:
    """An answer's value and what it rested on."""
    return dump_text(json.dumps([value, basis], ensure_ascii=False))


def load_answer(data: bytes) -> tuple[str | None, str]:
    """An answer's value and what it rested on."""
    value, basis = json.loads(data)
    return value, basis


def dump_data(data: Mapping[str, str]) -> bytes:
    """An event's data."""
    return dump_text(json.dumps(dict(data), ensure_ascii=False))


def load_data(data: bytes) -> dict[str, str]:
    """An event's data."""
    loaded: dict[str, str] = json.loads(data)
    return loaded


def dump_found(material: Material) -> bytes:
    """What was found on a piece, and until when it is valid."""
    findings = [
        {"code": one.code, "level": one.level, "params": dict(one.params)}
        | ({} if one.box is None else {"box": asdict(one.box)})
        for one in material.findings
    ]
    until = material.valid_until
    return dump_text(
        json.dumps([findings, None if until is None else until.isoformat()], ensure_ascii=False)
    )


def load_found(data: bytes, place: str) -> tuple[tuple[PictureFinding, ...], date | None]:
    """What was found on a piece; ``place`` is named if it cannot be read."""
    try:
        return _FOUND.validate_json(data)
    except ValidationError:
        raise UnreadableRecord(place) from None


def dump_reason(verdict: Verdict) -> bytes:
    """Why staff judged a piece so: a code and words."""
    return dump_text(json.dumps([verdict.code, verdict.note], ensure_ascii=False))


def load_reason(data: bytes) -> tuple[str, str]:
    """Why staff judged a piece so."""
    code, note = json.loads(data)
    return code, note
