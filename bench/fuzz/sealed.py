"""Callbacks as WeChat and WeCom post them, sealed and signed unless that is what is spoilt."""

import random
import time
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI

from bench.fuzz.asking import ask
from bench.fuzz.campaign import Fault
from bench.fuzz.spoiling import ODD_TEXTS, spoilt_bytes, spoilt_text
from bot.tencent.crypto import MessageKey, signature

TOKEN: Final = "a-token-of-this-run"
AES_KEY: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

_WRAPPERS: Final = (
    "<!DOCTYPE xml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
    '<?xml version="1.0" encoding="utf-16"?>',
    "<!ENTITY a 'b'>",
    "\ufeff",
    "<!--",
    "<?x y?>",
)


async def post(
    app: FastAPI, path: str, key: MessageKey, plain: bytes, nonce: int, chance: random.Random | None
) -> int:
    """The status of a callback; now and then its seal, parameters or envelope are spoilt.

    Raises Fault for an error of ours, or if somebody was let in with wrong parameters. Without
    ``chance`` all is as it should be.
    """
    encrypted = key.encrypt(plain)
    if chance is not None and chance.random() < 0.06:
        encrypted = _writable(spoilt_text(encrypted, chance))
    timestamp = str(int(time.time()))
    query = {"timestamp": timestamp, "nonce": str(nonce), "encrypt_type": "aes"}
    query["msg_signature"] = signature(TOKEN, timestamp, str(nonce), encrypted)
    right = dict(query)
    if chance is not None and chance.random() < 0.06:
        name = chance.choice(("timestamp", "nonce", "msg_signature"))
        query[name] = spoilt_text(query[name], chance)
    envelope = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{encrypted}</Encrypt></xml>"
    body = envelope.encode("utf-8", "surrogatepass")
    asked = urlencode(query, errors="surrogatepass").encode()
    if chance is not None and chance.random() < 0.05:
        body = spoilt_bytes(body, chance)
    if chance is not None and chance.random() < 0.02:
        asked = spoilt_bytes(asked, chance)
    status = (await ask(app, "POST", path, body, asked)).status
    if status >= 500:
        raise Fault(f"status {status} to {plain[:300]!r}")
    if status == 200 and query != right:
        raise Fault(f"let in with {query!r}")
    return status


def written(elements: Mapping[str, str]) -> str:
    """Elements of XML, their words in CDATA."""
    return "".join(
        f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
        for name, value in elements.items()
    )


def _writable(text: str) -> str:
    """Without what no request can hold."""
    return text.encode("utf-8", "replace").decode()


def spoilt_xml(xml: str, names: Sequence[str], chance: random.Random) -> str:
    """An element gone, doubled, renamed, emptied, nested; or the text itself spoilt."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice(names)
        start, end = xml.find(f"<{name}>"), xml.find(f"</{name}>")
        if start < 0 or end < start:
            xml = xml.replace("</xml>", f"<{name}>{chance.choice(ODD_TEXTS)}</{name}></xml>")
            continue
        after = end + len(name) + 3
        element = xml[start:after]
        match chance.randrange(9):
            case 0:
                element = ""
            case 1:
                element *= 2
            case 2:
                element = element.replace(name, chance.choice(names))
            case 3:
                element = f"<{name}/>"
            case 4:
                element = f"<{name}>" * 6 + element + f"</{name}>" * 6
            case 5:
                element = f"<{name}><![CDATA[{chance.choice(ODD_TEXTS)}]]></{name}>"
            case 6:
                element = spoilt_text(element, chance)
            case 7:
                return chance.choice(_WRAPPERS) + xml
            case 8:
                element = f"<{name}>&{chance.choice(('a', 'amp', '#0', '#xD800', '#65'))};</{name}>"
        xml = xml[:start] + element + xml[after:]
    return xml
