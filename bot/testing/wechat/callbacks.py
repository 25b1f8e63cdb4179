"""Posts what people do to the developer's address: five seconds to answer, three more tries."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import aiohttp

from bot.testing.tencent import Refusal
from bot.testing.wechat.account import FakeAccount, Profile, Way
from bot.testing.wechat.passive import Odd, read_answer

PATIENCE = 5.0
TRIES = 4
FAULTY = "该公众号提供的服务出现故障，请稍后再试"
"""What WeChat shows when the account answers nothing in time, or something it cannot read."""


@dataclass(slots=True)
class Posted:
    """One thing that happened, and what became of it. ``statuses``: None is no answer in time.

    ``posting`` are its copies on their way.
    """

    person: Profile
    content: dict[str, Any]
    statuses: list[int | None] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)  # seconds until each answer
    acknowledged: bool = False
    odd: str = ""  # why the answer made no sense
    posting: list["asyncio.Task[None]"] = field(default_factory=list)

    async def settled(self) -> None:
        """Wait until every copy was acknowledged or given up."""
        while self.posting:
            await asyncio.wait(self.posting)
            self.posting = [one for one in self.posting if not one.done()]


@dataclass(slots=True)
class Callbacks:
    """The posting side of one account. ``copies`` of each are posted at once, as when an answer
    is lost on its way; ``same_envelope`` repeats the very same bytes; ``between`` are the seconds
    until another try."""

    account: FakeAccount
    http: aiohttp.ClientSession
    patience: float = PATIENCE
    copies: int = 1
    same_envelope: bool = False
    between: float = 0.0
    posted: list[Posted] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _sealed: dict[int, tuple[bytes, dict[str, str]]] = field(default_factory=dict)

    def tell(self, person: Profile, content: dict[str, Any]) -> None:
        """Post something beside whatever else is on its way; nothing without an address."""
        if self.account.callback_url is None:
            return
        posted = Posted(person, self._addressed(person, content))
        self.posted.append(posted)
        posted.posting = [self._start(self._post(posted)) for _ in range(self.copies)]

    async def again(self, posted: Posted) -> None:
        """Post an earlier one once more, however it was answered."""
        await self._post(posted)

    async def settled(self) -> None:
        """Wait until everything was acknowledged or given up."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def stop(self) -> None:
        """Give up what is on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def verify(self) -> bool:
        """What the console does when the address is saved: does it give the word back?"""
        assert self.account.callback_url is not None
        word = str(self.account.next_id() + 10**18)
        timestamp, nonce = self._stamp()
        signature = self.account.envelope.sign(timestamp, nonce)
        query = {
            "signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": word,
        }  # fmt: skip
        async with self.http.get(self.account.callback_url, params=query) as response:
            return response.status == 200 and await response.text() == word

    def _start(self, posting: Any) -> "asyncio.Task[None]":
        task = asyncio.create_task(posting, name="wechat-callback")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _addressed(self, person: Profile, content: dict[str, Any]) -> dict[str, Any]:
        return {
            "ToUserName": self.account.original_id,
            "FromUserName": person.openid,
            "CreateTime": int(self.account.now().timestamp()),
            **content,
        }

    async def _post(self, posted: Posted) -> None:
        for number in range(TRIES):
            if number and self.between:
                await asyncio.sleep(self.between)
            answer = await self._try(posted)
            if answer is None:
                continue
            if self.account.lost_answers > 0:
                self.account.lost_answers -= 1
                continue
            self._take(posted, answer)
            return
        if posted.content["MsgType"] != "event":
            self.account.show(posted.person, Way.SYSTEM, "text", FAULTY)

    async def _try(self, posted: Posted) -> bytes | None:
        """The body of an answer with status 200, or None."""
        body, query = self._envelope(posted)
        loop = asyncio.get_running_loop()
        began = loop.time()
        status, answer = None, b""
        try:
            async with (
                asyncio.timeout(self.patience),
                self.http.post(
                    self.account.callback_url or "",
                    data=body,
                    params=query,
                    headers={"Content-Type": "text/xml"},
                ) as response,
            ):
                answer, status = await response.read(), response.status
        except (aiohttp.ClientError, TimeoutError):
            pass
        posted.statuses.append(status)
        posted.waits.append(loop.time() - began)
        return answer if status == 200 else None

    def _envelope(self, posted: Posted) -> tuple[bytes, dict[str, str]]:
        kept = self._sealed.get(id(posted))
        if kept is not None and self.same_envelope:
            return kept
        timestamp, nonce = self._stamp()
        envelope = self.account.envelope
        sealed = envelope.seal(as_xml(posted.content), int(timestamp), nonce=nonce)
        outer = {"ToUserName": self.account.original_id, "Encrypt": sealed.encrypt}
        query = {
            "signature": envelope.sign(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": posted.person.openid,
            "encrypt_type": "aes",
            "msg_signature": sealed.signature,
        }
        if self.same_envelope:
            self._sealed[id(posted)] = (as_xml(outer).encode(), query)
        return as_xml(outer).encode(), query

    def _stamp(self) -> tuple[str, str]:
        return str(int(self.account.now().timestamp())), str(self.account.next_id() + 10**9)

    def _take(self, posted: Posted, answer: bytes) -> None:
        first, posted.acknowledged = not posted.acknowledged, True
        person, account = posted.person, self.account
        try:
            said = read_answer(account.envelope, answer, person.openid, account.original_id)
            if said is not None and first:  # a repeat of it would be shown once, too
                _show(account, person, said)
        except (Odd, Refusal) as error:
            posted.odd = str(error)
            if posted.content["MsgType"] != "event":
                account.show(person, Way.SYSTEM, "text", FAULTY)


def _show(account: FakeAccount, person: Profile, said: dict[str, str]) -> None:
    kind = said["MsgType"]
    if kind == "transfer_customer_service":
        return
    if kind == "text":
        account.show(person, Way.PASSIVE, kind, said["Content"])
        return
    media_id = said.get(f"{kind.capitalize()}/MediaId", "")
    medium = account.medium(media_id, kind)
    account.show(person, Way.PASSIVE, kind, medium.name, media_id=media_id)


def as_xml(content: dict[str, Any]) -> str:
    """A message as WeChat writes it: numbers plain, everything else in CDATA."""
    return f"<xml>{_inner(content)}</xml>"


def _inner(content: dict[str, Any]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in content.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _inner(value)
    if isinstance(value, int | float):
        return escape(str(value))
    return "<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"
