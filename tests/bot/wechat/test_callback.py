"""The callback's door: who is let in, what is read, and that nothing ever breaks."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.tencent.crypto import MessageKey, signature
from bot.tencent.doorkeeper import MAX_BODY, Doorkeeper
from bot.tencent.xml import Fields, text_reply
from bot.wechat.callback import PATH, Answer, callback_router
from tests.bot.tencent.test_xml import HOSTILE
from tests.bot.wechat.posting import AES_KEY, APP_ID, KEY, OTHER_KEY, TOKEN, Posting, said

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


class Door:
    """The endpoint with a list behind it; ``closed`` is a store that is away."""

    def __init__(self) -> None:
        self.taken: list[Fields] = []
        self.refused: list[str] = []
        self.answer = Answer()
        self.closed = False
        app = FastAPI()
        door = Doorkeeper(TOKEN, (KEY, OTHER_KEY), lambda: NOW)
        app.include_router(callback_router(self.take, door, self.refused.append))
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://bot.test")
        self.wechat = Posting(self.http, NOW)

    async def take(self, fields: Fields) -> Answer:
        if self.closed:
            raise OSError("the database is away")
        self.taken.append(fields)
        return self.answer


@pytest.fixture
def door() -> Door:
    return Door()


async def test_a_signed_callback_is_taken(door: Door) -> None:
    assert await door.wechat.reply(said("你好")) is None
    assert [fields["Content"] for fields in door.taken] == ["你好"]


async def test_the_reply_is_encrypted_and_signed(door: Door) -> None:
    door.answer = Answer(text_reply("p", "a", 1, "您好"))
    assert (await door.wechat.reply(said("你好")) or {})["Content"] == "您好"


async def test_while_the_key_is_changed_both_are_read_and_each_is_answered_in_kind(
    door: Door,
) -> None:
    door.answer = Answer(text_reply("p", "a", 1, "您好"))
    door.wechat.key = OTHER_KEY
    assert (await door.wechat.reply(said("你好")) or {})["Content"] == "您好"
    door.wechat.key = MessageKey.of("b" + AES_KEY[1:], APP_ID)
    assert (await door.wechat.post(said("你好"))).status_code == 403


async def test_what_follows_an_answer_is_done_once_it_is_given(door: Door) -> None:
    done: list[str] = []
    door.answer = Answer(None, lambda: done.append("then"))
    assert await door.wechat.reply(said("你好")) is None
    assert done == ["then"]


@pytest.mark.parametrize(
    "signed",
    ["0" * 40, "密", "\x00", signature("another token", STAMP, "12345", "")],
)
async def test_a_wrong_signature_is_refused(door: Door, signed: str) -> None:
    assert (await door.wechat.post(said("你好"), msg_signature=signed)).status_code == 403
    assert (door.taken, door.refused) == ([], ["callback_signature"])


@pytest.mark.parametrize("left_out", ["msg_signature", "timestamp", "nonce"])
async def test_an_unsigned_callback_is_refused(door: Door, left_out: str) -> None:
    query = {"timestamp": STAMP, "nonce": "1", "msg_signature": "0" * 40, "encrypt_type": "aes"}
    del query[left_out]
    body = b"<xml><Encrypt>AAAA</Encrypt></xml>"
    assert (await door.http.post(PATH, params=query, content=body)).status_code == 401
    assert door.refused == ["callback_unsigned"]


async def test_a_parameter_given_twice_is_refused(door: Door) -> None:
    query = f"msg_signature={'0' * 40}&msg_signature={'1' * 40}&timestamp={STAMP}&nonce=1"
    assert (await door.http.post(f"{PATH}?{query}")).status_code == 403


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 10**9])
async def test_an_old_call_is_refused(door: Door, seconds: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    assert (await door.wechat.post(said("你好"), timestamp=stamp)).status_code == 403
    assert door.refused == ["callback_timestamp"]


@pytest.mark.parametrize("stamp", ["soon", "-1", "1e9", "９", "9" * 4000])
async def test_a_timestamp_is_a_number(door: Door, stamp: str) -> None:
    assert (await door.wechat.post(said("你好"), timestamp=stamp)).status_code == 403


@pytest.mark.parametrize("seconds", [-299, 0, 299])
async def test_clocks_may_differ_a_little(door: Door, seconds: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    assert (await door.wechat.post(said("你好"), timestamp=stamp)).status_code == 200


async def test_plain_messages_are_refused(door: Door) -> None:
    query = {"timestamp": STAMP, "nonce": "1", "msg_signature": signature(TOKEN, STAMP, "1", "")}
    plain = await door.http.post(PATH, params=query, content=said("你好").encode())
    raw = await door.wechat.post(said("你好"), encrypt_type="raw")
    assert [plain.status_code, raw.status_code] == [403, 403]
    assert door.refused == ["callback_plain_mode"] * 2


async def test_a_message_to_another_account_is_refused(door: Door) -> None:
    door.wechat.key = MessageKey.of(AES_KEY, "wxffffffffffffffff")
    assert (await door.wechat.post(said("你好"))).status_code == 403
    assert door.refused == ["callback_forged"]


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_xml_is_refused_before_and_after_decryption(
    door: Door, document: str
) -> None:
    assert (await door.wechat.post(document)).status_code == 403
    query = {"timestamp": STAMP, "nonce": "1", "msg_signature": "0" * 40}
    outside = document.replace("<xml>", "<xml><Encrypt>AAAA</Encrypt>")
    answer = await door.http.post(PATH, params=query, content=outside.encode())
    assert answer.status_code == 403
    assert (door.taken, door.refused) == ([], ["callback_unreadable"] * 2)


async def test_an_enormous_body_is_cut_off(door: Door) -> None:
    query = {"timestamp": STAMP, "nonce": "1", "msg_signature": "0" * 40}
    answer = await door.http.post(PATH, params=query, content=b" " * (MAX_BODY + 1))
    assert answer.status_code == 413
    assert door.refused == ["callback_too_large"]
    assert (await door.wechat.post(said("案" * 10_000))).status_code == 200


async def test_while_the_store_is_away_wechat_is_asked_to_come_again(door: Door) -> None:
    door.closed = True
    assert (await door.wechat.post(said("你好"))).status_code == 503
    door.closed = False
    assert (await door.wechat.post(said("你好"))).status_code == 200


def _verification(**changes: str) -> dict[str, str]:
    signed = signature(TOKEN, STAMP, "1", "")
    right = {"signature": signed, "timestamp": STAMP, "nonce": "1", "echostr": "8841"}
    return {**right, **changes}


async def test_the_address_is_verified(door: Door) -> None:
    answer = await door.http.get(PATH, params=_verification())
    assert (answer.status_code, answer.text) == (200, "8841")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "changes, status",
    [
        ({"signature": "0" * 40}, 403),
        ({"signature": ""}, 401),
        ({"echostr": ""}, 401),
        ({"timestamp": "1"}, 403),
        ({"echostr": "1" * 2000}, 413),
    ],
)
async def test_a_wrong_verification_is_refused(
    door: Door, changes: dict[str, str], status: int
) -> None:
    answer = await door.http.get(PATH, params=_verification(**changes))
    assert (answer.status_code, answer.content) == (status, b"")


def test_nothing_secret_shows() -> None:
    assert TOKEN not in repr(Doorkeeper(TOKEN, (KEY,), lambda: NOW))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    body=st.binary(max_size=80),
    query=st.dictionaries(
        st.sampled_from(["msg_signature", "timestamp", "nonce", "encrypt_type"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    ),
)
async def test_whatever_is_posted_the_answer_is_no_error_of_ours(
    door: Door, body: bytes, query: dict[str, str]
) -> None:
    answer = await door.http.post(PATH, params=query, content=body)
    assert answer.status_code in (401, 403)
    inner = await door.wechat.post(body)
    assert inner.status_code in (200, 403)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
async def test_no_flipped_bit_goes_through(door: Door, data: st.DataObject) -> None:
    encrypted = bytearray(KEY.encrypt(said("你好").encode()).encode())
    encrypted[data.draw(st.integers(0, len(encrypted) - 1))] ^= 1 << data.draw(st.integers(0, 6))
    signed = signature(TOKEN, STAMP, "12345", KEY.encrypt(said("你好").encode()))
    changed = encrypted.decode("ascii")
    answer = await door.wechat.post_encrypted(changed, msg_signature=signed)
    assert (answer.status_code, door.taken) == (403, [])
