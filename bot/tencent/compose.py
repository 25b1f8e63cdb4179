"""What a turn says as WeChat messages: one text cut by bytes, choices by number or to tap."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.cutting import cut
from bot.tencent.texts import say
from dialogs.message import Button, Citation, OutgoingFile, Reply
from dialogs.ports import Outgoing

MAX_TEXT: Final = 2048
"""Bytes of one message: not documented, but longer ones are refused (45002)."""

MAX_CHOICES: Final = 10
"""Lines of a menu message that the apps show."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What a channel takes: bytes of a message, of what stands above lines to tap, and of a line.

    ``documents``: it can send files that are no pictures.
    """

    text: int = MAX_TEXT
    above: int = MAX_TEXT
    line: int = MAX_TEXT
    documents: bool = False


ACCOUNT: Final = Takes()
"""What a service account takes."""

_QUOTED: Final = 400
"""Characters of a text file that is quoted rather than handed out."""

_TAG: Final = re.compile(r"<(?=/?a\b)", re.IGNORECASE)
_UNSPOKEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu message; ``id`` comes back when it is tapped."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text message."""

    text: str


@dataclass(frozen=True, slots=True)
class MenuPart:
    """One text with lines to tap below."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PicturePart:
    """One picture."""

    file: OutgoingFile


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """One file that is no picture."""

    file: OutgoingFile


Part: TypeAlias = TextPart | MenuPart | PicturePart | DocumentPart


Link: TypeAlias = Callable[[str, int], str]
"""The address of a file, by the message's id and the file's place in it."""


def texts_of(outgoings: Sequence[Outgoing], link: Link | None = None) -> tuple[str, ...]:
    """All that is said, as text messages, the choices by number: fit for a passive reply.

    ``link`` hands out the files an account cannot send; without it their names are told.
    """
    return split(_joined(outgoings, link, ACCOUNT, numbered=True))


def pictures_of(outgoings: Sequence[Outgoing]) -> tuple[PicturePart, ...]:
    """The files WeChat can show."""
    return tuple(
        PicturePart(file)
        for reply in _replies(outgoings)
        for file in reply.files
        if is_picture(file)
    )


def compose(
    outgoings: Sequence[Outgoing], link: Link | None = None, takes: Takes = ACCOUNT
) -> tuple[Part, ...]:
    """The messages that say it all, files first, so that the question stands last.

    Choices are lines to tap where they fit.
    """
    files: list[Part] = [*pictures_of(outgoings)]
    if takes.documents:
        documents = [file for reply in _replies(outgoings) for file in reply.files]
        files += [DocumentPart(file) for file in documents if is_document(file)]
    choices = _to_tap(outgoings)
    *before, last = split(_joined(outgoings, link, takes, numbered=False), takes.text) or ("",)
    shown = [last, *(f"\n{one.label}" for one in choices)]
    fits = (
        sum(map(_bytes, shown)) <= takes.text
        and _bytes(last) <= takes.above
        and all(_bytes(one.label) <= takes.line for one in choices)
    )
    if choices and last and fits:
        return (*files, *map(TextPart, before), MenuPart(last, choices))
    texts = split(_joined(outgoings, link, takes, numbered=True), takes.text)
    return (*files, *map(TextPart, texts))


def split(text: str, limit: int = MAX_TEXT) -> tuple[str, ...]:
    """Text in pieces of at most ``limit`` bytes, cut at the ends of lines and sentences."""
    return cut(text, limit, _bytes)


def numbered(reply: Reply) -> tuple[Button, ...]:
    """The buttons that have a number, in order: what a question offers."""
    return tuple(one for one in reply.buttons if one.url is None and not one.quiet)


def is_picture(file: OutgoingFile) -> bool:
    """Whether WeChat can show it; other kinds of file an account cannot send."""
    return file.picture is not None or file.name.lower().endswith((".png", ".jpg", ".jpeg"))


def is_document(file: OutgoingFile) -> bool:
    """Whether it goes out as a file: it is not shown, not quoted, and lies somewhere."""
    return not is_picture(file) and not _is_quoted(file) and file.letter is None


def read_choice(data: str) -> tuple[str, int] | None:
    """The outgoing id and the button's place behind a tapped line; None if it is not ours."""
    outgoing_id, _, place = data.rpartition(".")
    if not outgoing_id or not place.isascii() or not place.isdecimal() or len(place) > 3:
        return None
    return outgoing_id, int(place)


def _replies(outgoings: Iterable[Outgoing]) -> list[Reply]:
    return [one.reply for one in outgoings if one.reply is not None]


def _is_quoted(file: OutgoingFile) -> bool:
    return bool(file.text) and len(file.text) <= _QUOTED


def _joined(
    outgoings: Sequence[Outgoing], link: Link | None, takes: Takes, *, numbered: bool
) -> str:
    asks = _question(_replies(outgoings))
    blocks = [
        _block(one.id, one.reply, link, takes, number=numbered and one.reply is asks)
        for one in outgoings
        if one.reply is not None
    ]
    text = _UNSPOKEN.sub("", "\n\n".join(block for block in blocks if block))
    if not _TAG.search(text):
        return text
    # WeChat would make a link of it instead of showing it.
    return f"{_TAG.sub('＜', text)}\n{say('code_mark', _locale(text))}"


def _question(replies: Sequence[Reply]) -> Reply | None:
    """The reply whose choices have the numbers: the last that has any."""
    return next((one for one in reversed(replies) if numbered(one)), None)


def _block(outgoing_id: str, reply: Reply, link: Link | None, takes: Takes, *, number: bool) -> str:
    locale = _locale(reply.text)
    lines = [reply.signed_text.strip(), *map(_cite, reply.citations)]
    for place, file in enumerate(reply.files):
        if _is_quoted(file):
            lines.append(file.text.strip())
        elif not is_picture(file) and not (takes.documents and is_document(file)):
            url = None if link is None else link(outgoing_id, place)
            key = "file_elsewhere" if url is None else "file_link"
            lines.append(say(key, locale, name=file.name, url=url or ""))
    lines += [f"{button.label.strip()}：{button.url}" for button in reply.buttons if button.url]
    if number and (choices := numbered(reply)):
        labels = [button.label.strip() for button in choices]
        lines += ["", *(f"{place}. {label}" for place, label in enumerate(labels, start=1))]
        lines.append(say("by_number", locale))
    quiet = [button.label.strip() for button in reply.buttons if button.quiet and not button.url]
    if quiet:
        between = "、" if locale == "zh-CN" else ", "
        lines.append(say("by_words", locale, labels=between.join(quiet)))
    return "\n".join(lines).strip()


def _to_tap(outgoings: Sequence[Outgoing]) -> tuple[Choice, ...]:
    """The lines to tap below the last reply; none if it has no choices, or too many."""
    spoken = [one for one in outgoings if one.reply is not None]
    last = spoken[-1] if spoken else None
    if last is None or last.reply is None or _question(_replies(spoken)) is not last.reply:
        return ()
    choices = [
        Choice(f"{last.id}.{place}", button.label.strip())
        for place, button in enumerate(last.reply.buttons)
        if button.url is None and not button.quiet
    ]
    return tuple(choices) if len(choices) <= MAX_CHOICES else ()


def _cite(citation: Citation) -> str:
    as_of = f"（{citation.as_of}）" if citation.as_of else ""
    return f"— {citation.title}{as_of} {citation.url}".rstrip()


def _locale(text: str) -> str:
    """The language somebody is spoken to in, by what is said: a message carries no other hint."""
    return "zh-CN" if _CHINESE.search(text) else "en"


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
