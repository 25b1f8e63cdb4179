"""Callbacks as WeChat posts them: signed, encrypted, and read back the same way."""

from dataclasses import dataclass
from datetime import datetime

import httpx

from bot.tencent.crypto import MessageKey, is_signed, signature
from bot.tencent.xml import Fields, read
from bot.wechat.callback import PATH

TOKEN = "a-token-of-this-test"
APP_ID = "wx0123456789abcdef"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
KEY = MessageKey.of(AES_KEY, APP_ID)
OTHER_KEY = MessageKey.of(AES_KEY[::-1], APP_ID)
ACCOUNT = "gh_0123456789ab"
PERSON = "oTest-0000000000000000000001"


def said(text: str, message: str = "1", *, person: str = PERSON, at: int = 0, **more: str) -> str:
    """A text message in plain XML; ``more`` are further elements."""
    return posted("text", person=person, at=at, MsgId=message, Content=text, **more)


def posted(kind: str, *, person: str = PERSON, at: int = 0, **elements: str) -> str:
    """Any callback in plain XML; what begins with "<" is put in as it is."""
    inner = "".join(
        f"<{name}>{value if value.startswith('<') else f'<![CDATA[{value}]]>'}</{name}>"
        for name, value in elements.items()
    )
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>"
        f"<FromUserName><![CDATA[{person}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    )


@dataclass
class Posting:
    """WeChat's side of the callback: what comes back is checked and decrypted."""

    http: httpx.AsyncClient
    now: datetime
    key: MessageKey = KEY

    async def post(self, xml: str | bytes, **query: str) -> httpx.Response:
        """Post a callback; ``query`` replaces what would stand in the address."""
        plain = xml.encode() if isinstance(xml, str) else xml
        return await self.post_encrypted(self.key.encrypt(plain), **query)

    async def post_encrypted(self, encrypted: str, **query: str) -> httpx.Response:
        """The same for something encrypted already."""
        timestamp = query.pop("timestamp", str(int(self.now.timestamp())))
        given = {
            "timestamp": timestamp,
            "nonce": "12345",
            "encrypt_type": "aes",
            "msg_signature": signature(TOKEN, timestamp, query.get("nonce", "12345"), encrypted),
            **query,
        }
        body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{encrypted}</Encrypt></xml>"
        return await self.http.post(PATH, params=given, content=body.encode())

    async def reply(self, xml: str, **query: str) -> Fields | None:
        """What a callback is answered with; None for ``success``."""
        response = await self.post(xml, **query)
        assert response.status_code == 200, response.status_code
        if response.content == b"success":
            return None
        return self.opened(response.content)

    def opened(self, content: bytes) -> Fields:
        """A reply, its signature checked."""
        outer = read(content)
        encrypted, signed = outer["Encrypt"], outer["MsgSignature"]
        timestamp, nonce = outer["TimeStamp"], outer["Nonce"]
        assert isinstance(encrypted, str) and isinstance(signed, str)
        assert isinstance(timestamp, str) and isinstance(nonce, str)
        assert is_signed(signed, TOKEN, timestamp, nonce, encrypted)
        return read(self.key.decrypt(encrypted))
