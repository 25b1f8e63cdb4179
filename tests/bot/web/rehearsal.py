"""A short rehearsed conversation behind the web channel's ports, kept in memory."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.materials.isolated import Decoder
from bot.materials.receiving import Asks, Receiver
from dialogs.assistant import Handled
from dialogs.case import Case
from dialogs.message import (
    ALL_ANSWERED,
    Button,
    Citation,
    Identity,
    Inbound,
    IncomingFile,
    OutgoingFile,
    Reply,
    ReplyKind,
)
from dialogs.ports import Entry, Outgoing

KIND = Reply(
    ReplyKind.QUESTION,
    "第 2/19 项 · 备案类型\n您以什么身份备案？",
    (
        Button("企业", "answer:subject_kind:enterprise"),
        Button("个体工商户", "answer:subject_kind:sole_proprietor"),
        Button("个人", "answer:subject_kind:individual"),
    ),
    step="subject_kind",
    progress=(2, 19),
)
DOMAIN = Reply(
    ReplyKind.QUESTION,
    "第 7/19 项 · 网站信息\n要备案的域名是哪个？\n例如：example.cn",
    step="domain",
    progress=(7, 19),
)
FEE = Reply(
    ReplyKind.ANSWER,
    "备案不收费，管局和接入商都不收。",
    (
        Button("有帮助", "helped:fee", quiet=True),
        Button("没帮助", "unhelped:fee", quiet=True),
        Button("问人工", "cmd:handover", quiet=True),
    ),
    citations=(Citation("办事指南", "https://example.cn/guide", "2026-11-01"),),
)
APPROVED = Reply(ReplyKind.NOTICE, "备案已通过。", progress=ALL_ANSWERED)
WELCOME = Reply(ReplyKind.NOTICE, "您好，我会一步步带您填完首次备案。随时可以停下、回头或提问。")


def rehearse(inbound: Inbound) -> tuple[Reply, ...]:
    """What is answered to the messages of these tests; anything else is said back."""
    if inbound.files:
        return (Reply(ReplyKind.NOTICE, "这一步还用不到文件，先收好。"), DOMAIN)
    said = inbound.button or inbound.text or ""
    match said:
        case "cmd:resume":
            return (WELCOME, KIND)
        case "answer:subject_kind:enterprise":
            return (DOMAIN,)
        case "收费吗":
            return (FEE, DOMAIN)
        case "通过了":
            return (APPROVED,)
        case "example":
            wrong = "域名要带后缀，如 example.cn。"
            return (Reply(ReplyKind.ERROR, wrong, step="domain"),)
        case "人工":
            return (Reply(ReplyKind.HANDOVER, "已转给同事，请稍等。"),)
        case "导出":
            return (Reply(ReplyKind.NOTICE, "这是您的备案单。", files=(SHEET,)),)
    return (Reply(ReplyKind.NOTICE, f"收到：{said}"),)


SHEET = OutgoingFile("备案单.html", "/nonexistent")


@dataclass(slots=True)
class Rehearsal:
    """Answers by a function and remembers: an assistant and a transcript in one."""

    answer: Callable[[Inbound], tuple[Reply, ...]] = rehearse
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    listeners: list[Callable[[Identity], None]] = field(default_factory=list)
    heard: list[Inbound] = field(default_factory=list)
    lines: dict[Identity, list[Entry]] = field(default_factory=dict)
    owners: dict[Identity, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds a turn takes
    failures: int = 0  # turns that still will fail
    wants_file: bool = False
    _last: int = 0
    _known: dict[tuple[Identity, str], tuple[Outgoing, ...]] = field(default_factory=dict)

    async def handle(self, inbound: Inbound) -> Handled:
        """Take one message; the same id counts once."""
        await asyncio.sleep(self.delay)
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the store of this test is away")
        key = (inbound.identity, inbound.message_id)
        if key not in self._known:
            self.heard.append(inbound)
            lines = self.lines.setdefault(inbound.identity, [])
            lines.append(self._line(heard=inbound.words, message_id=inbound.message_id))
            self._known[key] = self.say(inbound.identity, *self.answer(inbound))
        return Handled(self._known[key], Case("c", "a", inbound.identity, "zh-CN"))

    async def owner(self, identity: Identity) -> str:
        """A mark of whose lines they are."""
        return self.owners.get(identity, "c" if self.lines.get(identity) else "")

    async def expects_file(self, identity: Identity) -> bool:
        """Whether a file is being asked for."""
        return self.wants_file

    def say(self, identity: Identity, *replies: Reply) -> tuple[Outgoing, ...]:
        """Say something, asked or unasked, and wake the listeners."""
        lines = self.lines.setdefault(identity, [])
        lines.extend(self._line(said=reply) for reply in replies)
        for listener in self.listeners:
            listener(identity)
        return tuple(Outgoing(f"o{n}", identity, reply) for n, reply in enumerate(replies))

    async def since(self, identity: Identity, seq: int, limit: int = 200) -> Sequence[Entry]:
        """The transcript's port."""
        return [line for line in self.lines.get(identity, ()) if line.seq > seq][:limit]

    async def latest(
        self, identity: Identity, limit: int, before: int | None = None
    ) -> Sequence[Entry]:
        """The transcript's port."""
        lines = self.lines.get(identity, ())
        return [line for line in lines if before is None or line.seq < before][-limit:]

    def _line(
        self,
        heard: str | None = None,
        said: Reply | None = None,
        message_id: str | None = None,
    ) -> Entry:
        self._last += 1
        return Entry(self._last, self.clock(), heard, said, message_id=message_id)


@dataclass(slots=True)
class Drawer:
    """A file vault that is only a dict, behind the real door."""

    kept: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)

    async def put(self, identity: Identity, name: str, media_type: str, content: bytes) -> str:
        """Keep a file."""
        file_id = f"file{len(self.kept)}"
        self.kept[file_id] = (name, media_type, content)
        return file_id

    async def take(
        self, assistant: Asks, identity: Identity, name: str, content: bytes
    ) -> tuple[IncomingFile, ...]:
        """Let a file in, as the program does."""
        return await Receiver(self, Decoder(4_000_000)).take(assistant, identity, name, content)
