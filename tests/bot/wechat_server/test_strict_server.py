"""The strict server refuses what WeChat refuses, with its codes."""

from datetime import timedelta
from io import StringIO
from typing import Any

import httpx
import pytest

from bot.clock import SimulatedClock
from bot.testing.wechat import FakeAccount, FakeWeChat, Fault, Follower, Way
from bot.testing.wechat.__main__ import console_of, rehearse
from bot.testing.wechat.methods import OK
from tests.bot.wechat_server.calling import Api, Developer

PNG = b"\x89PNG\r\n\x1a\n"


async def texts(visitor: Follower) -> list[str]:
    return [one.text for one in await visitor.messages()]


async def test_a_message_opens_48_hours_for_five_messages(
    api: Api, visitor: Follower, clock: SimulatedClock
) -> None:
    assert await api.text(visitor.openid) == 45015
    await visitor.say("你好")
    assert [await api.text(visitor.openid) for _ in range(6)] == [OK] * 5 + [45047]
    await visitor.say("还在吗")
    clock.advance(timedelta(hours=1))
    assert await api.text(visitor.openid) == OK
    clock.advance(timedelta(hours=47))
    await api.renew()
    assert await api.text(visitor.openid) == 45015
    assert len(await visitor.messages()) == 6


async def test_a_menu_click_a_scan_and_following_open_a_minute_for_three(
    api: Api, visitor: Follower, account: FakeAccount, clock: SimulatedClock
) -> None:
    account.menu = [{"name": "开始", "type": "click", "key": "start"}]
    await visitor.menu("开始")
    assert [await api.text(visitor.openid) for _ in range(4)] == [OK] * 3 + [45047]
    await visitor.scan("word")
    clock.advance(timedelta(seconds=59))
    assert await api.text(visitor.openid) == OK
    clock.advance(timedelta(seconds=1))
    assert await api.text(visitor.openid) == 45015
    await visitor.unsubscribe()
    await visitor.subscribe()
    assert await api.text(visitor.openid) == OK


async def test_a_minute_is_used_before_the_48_hours(api: Api, visitor: Follower) -> None:
    await visitor.say("你好")
    await visitor.scan("word")
    assert visitor.profile.allowance.left(visitor.account.now()) == 8
    assert [await api.text(visitor.openid) for _ in range(9)] == [OK] * 8 + [45047]
    assert len(visitor.account.outside_the_rules()) == 1


async def test_who_stopped_following_is_not_written_to(api: Api, visitor: Follower) -> None:
    await visitor.say("你好")
    await visitor.unsubscribe()
    assert await api.text(visitor.openid) == 45015


@pytest.mark.parametrize(
    "message, errcode",
    [
        ({"touser": "o-nobody"}, 40003),
        ({"msgtype": "poem"}, 40008),
        ({"text": {}}, 44004),
        ({"text": {"content": " \n"}}, 44004),
        ({"text": {"content": "字" * 683}}, 45002),
        ({"text": {"content": "\x07"}}, 40033),
        ({"text": "?"}, 47001),
        ({"msgtype": "image", "image": {"media_id": "nothing"}}, 40007),
        ({"msgtype": "msgmenu", "msgmenu": {"head_content": "?", "list": []}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "字" * 683}]}}, 45002),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
        (
            {"msgtype": "news", "news": {"articles": [{"title": "?", "url": "javascript:1"}]}},
            40048,
        ),
    ],
)
async def test_a_message_out_of_bounds_is_refused(
    api: Api, visitor: Follower, message: dict[str, Any], errcode: int
) -> None:
    await visitor.say("你好")
    whole = {"touser": visitor.openid, "msgtype": "text", "text": {"content": "好"}, **message}
    assert await api("message/custom/send", **whole) == errcode
    assert await visitor.messages() == ()
    assert visitor.profile.allowance.left(visitor.account.now()) == 5


async def test_menus_pictures_and_the_longest_text_are_shown(api: Api, visitor: Follower) -> None:
    await visitor.say("你好")
    media_id = (await api.upload("image", PNG))["media_id"]
    items = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    menu = {"head_content": "满意吗？", "list": items, "tail_content": "谢谢"}
    for kind, content in (
        ("image", {"media_id": media_id}),
        ("msgmenu", menu),
        ("text", {"content": "字" * 682}),
    ):
        whole = {"touser": visitor.openid, "msgtype": kind, kind: content}
        assert await api("message/custom/send", **whole) == OK
    shown = await visitor.messages()
    assert shown[0].media_id == media_id
    assert shown[1].choices == (("101", "满意"), ("102", "不满意"))


async def test_letters_written_as_escapes_are_refused(api: Api, visitor: Follower) -> None:
    await visitor.say("你好")
    whole = {"touser": visitor.openid, "msgtype": "text", "text": {"content": "您好"}}
    query = {"access_token": api.token}
    escaped = str(whole).replace("'", '"').replace("您", "\\u60a8")
    answer = await api.http.post("/cgi-bin/message/custom/send", params=query, content=escaped)
    assert answer.json()["errcode"] == 40033


async def test_tokens_last_two_hours_and_overlap_for_five_minutes(
    api: Api, clock: SimulatedClock
) -> None:
    first = api.token
    assert len(first) >= 512
    assert (await api.renew())["access_token"] == first
    clock.advance(timedelta(minutes=114))
    assert (await api.renew())["expires_in"] == 360
    clock.advance(timedelta(minutes=2))
    second = (await api.renew())["access_token"]
    assert second != first
    for token, errcode in ((first, None), (second, None), ("", 41001), ("nobody's", 40001)):
        api.token = token
        answer = await api.get("getcallbackip")
        assert errcode is None or answer == errcode
        assert errcode is not None or answer["ip_list"]
    clock.advance(timedelta(minutes=5))
    api.token = first
    assert await api.get("getcallbackip") == 42001


async def test_a_forced_token_ends_the_former_but_not_too_often(
    api: Api, clock: SimulatedClock
) -> None:
    first = api.token
    second = (await api.renew(force=True))["access_token"]
    api.token = first
    assert await api.get("getcallbackip") == 40001
    clock.advance(timedelta(seconds=29))
    assert (await api.renew(force=True))["access_token"] == second
    for _ in range(19):
        clock.advance(timedelta(seconds=30))
        assert "access_token" in await api.renew(force=True)
    clock.advance(timedelta(seconds=30))
    assert (await api.renew(force=True))["errcode"] == 45009


@pytest.mark.parametrize(
    "wrong, errcode",
    [({"grant_type": "x"}, 40002), ({"appid": "wx1"}, 40013), ({"secret": "x"}, 40125)],
)
async def test_a_token_is_for_the_account_alone(
    api: Api, wrong: dict[str, str], errcode: int
) -> None:
    account = api.account
    given = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret}
    answer = await api.http.post("/cgi-bin/stable_token", json={**given, **wrong})
    assert answer.json()["errcode"] == errcode


async def test_files_are_kept_for_three_days(
    api: Api, clock: SimulatedClock, visitor: Follower
) -> None:
    media_id = (await api.upload("image", PNG))["media_id"]
    assert await api.get("media/get", media_id=media_id) == PNG
    await visitor.photo(b"\xff\xd8\xff")
    clock.advance(timedelta(days=3))
    await api.renew()
    assert await api.get("media/get", media_id=media_id) == 40007
    assert await api.get("media/get", media_id="nothing") == 40007


@pytest.mark.parametrize(
    "kind, content, errcode",
    [
        ("image", PNG + bytes(10 * 2**20), 40009),
        ("image", b"GIF? no", 40137),
        ("image", b"", 41005),
        ("voice", b"#!AMR" + bytes(2 * 2**20), 40006),
        ("voice", b"RIFF", 40005),
        ("video", b"RIFF....", 40005),
        ("poem", b"...", 40004),
    ],
)
async def test_a_file_out_of_bounds_is_refused(
    api: Api, kind: str, content: bytes, errcode: int
) -> None:
    assert await api.upload(kind, content) == errcode
    assert await api.upload("image", PNG, field="file") == 41005


def notice(visitor: Follower, **more: Any) -> dict[str, Any]:
    data = {"thing1": {"value": "备案 #A7K2 还剩 3 天"}, "time2": {"value": "2026年12月4日 18:00"}}
    return {"touser": visitor.openid, "template_id": "reminder", "data": data, **more}


@pytest.fixture
def templates(account: FakeAccount) -> None:
    account.notices.add("reminder", "备案进度提醒", "thing1", "time2")
    account.notices.add("once", "备案提醒", "thing1", "time2", one_time=True)


@pytest.mark.usefixtures("templates")
async def test_a_template_reaches_a_follower_at_any_time_and_its_outcome_is_told(
    api: Api, wechat: FakeWeChat, developer: Developer, visitor: Follower, clock: SimulatedClock
) -> None:
    clock.advance(timedelta(days=25))
    await api.renew()
    sent = await api("message/template/send", **notice(visitor, url="https://example.cn/"))
    await wechat.callbacks.settled()
    assert developer.heard[-1]["Event"] == "TEMPLATESENDJOBFINISH"
    assert developer.heard[-1]["MsgID"] == str(sent["msgid"])
    assert developer.heard[-1]["Status"] == "success"
    (shown,) = await visitor.messages()
    assert (shown.way, shown.url) == (Way.TEMPLATE, "https://example.cn/")
    assert "还剩 3 天" in shown.text
    visitor.profile.refuses_templates = True
    await api("message/template/send", **notice(visitor))
    await wechat.callbacks.settled()
    assert developer.heard[-1]["Status"] == "failed:user block"
    assert len(await visitor.messages()) == 1
    await visitor.unsubscribe()
    assert await api("message/template/send", **notice(visitor)) == 43004


@pytest.mark.usefixtures("templates")
async def test_a_client_msg_id_is_sent_once_in_ten_minutes(
    api: Api, visitor: Follower, clock: SimulatedClock
) -> None:
    first = await api("message/template/send", **notice(visitor, client_msg_id="r-1"))
    clock.advance(timedelta(minutes=9))
    again = await api("message/template/send", **notice(visitor, client_msg_id="r-1"))
    assert first == again and len(await visitor.messages()) == 1
    clock.advance(timedelta(minutes=1))
    assert await api("message/template/send", **notice(visitor, client_msg_id="r-1")) != first
    await api("message/template/send", **notice(visitor))
    await api("message/template/send", **notice(visitor))
    assert len(await visitor.messages()) == 4


@pytest.mark.usefixtures("templates")
async def test_a_consent_is_spent_by_one_notice_whenever_it_is_sent(
    api: Api, visitor: Follower, clock: SimulatedClock
) -> None:
    once = notice(visitor, template_id="once")
    assert await api("message/subscribe/bizsend", **once) == 43101
    await visitor.consent("once", accept=False)
    assert await api("message/subscribe/bizsend", **once) == 43101
    await visitor.consent("once")
    await visitor.consent("once")
    await visitor.unsubscribe()
    clock.advance(timedelta(days=40))
    await api.renew()
    answers = [await api("message/subscribe/bizsend", **once) for _ in range(3)]
    assert answers == [OK, OK, 43101]
    assert [one.way for one in await visitor.messages()] == [Way.SUBSCRIPTION] * 2


@pytest.mark.usefixtures("templates")
@pytest.mark.parametrize(
    "more, errcode",
    [
        ({"template_id": "nothing"}, 40037),
        ({"template_id": "once"}, 40037),
        ({"touser": "o-nobody"}, 40003),
        ({"url": "ftp://example.cn"}, 40048),
        ({"data": {}}, 47003),
        ({"data": {"thing1": {"value": "一"}}}, 47003),
        ({"data": {"thing1": {"value": "一" * 21}, "time2": {"value": "18:00"}}}, 47003),
        ({"data": {"thing1": {"value": "一"}, "time2": {"value": "明天下午"}}}, 47003),
        ({"data": {"thing1": {"value": "一\n二"}, "time2": {"value": "18:00"}}}, 47003),
        (
            {"data": {name: {"value": "18:00"} for name in ("thing1", "time2", "thing3")}},
            47003,
        ),
    ],
)
async def test_a_notice_out_of_bounds_is_refused(
    api: Api, visitor: Follower, more: dict[str, Any], errcode: int
) -> None:
    assert await api("message/template/send", **notice(visitor, **more)) == errcode
    assert await visitor.messages() == ()


def test_a_template_has_fields_of_the_library_and_there_are_25(account: FakeAccount) -> None:
    with pytest.raises(ValueError, match="first"):
        account.notices.add("odd", "?", "first")
    for number in range(25):
        account.notices.add(f"t{number}", "?", "thing1")
    with pytest.raises(ValueError, match="25"):
        account.notices.add("t25", "?", "thing1")


def button(**more: Any) -> dict[str, Any]:
    return {"name": "开始", "type": "click", "key": "start", **more}


@pytest.mark.parametrize(
    "buttons, errcode",
    [
        ([], 40016),
        ([button()] * 4, 40016),
        ([button(name="字" * 6)], 40018),
        ([button(type="dance")], 40017),
        ([button(key="k" * 129)], 40019),
        ([button(type="view", url="https://" + "x" * 1024)], 40020),
        ([{"name": "更多", "sub_button": [button()] * 6}], 40023),
        ([{"name": "更多", "sub_button": [button(name="字" * 21)]}], 40025),
        ([{"name": "更多", "sub_button": [button(type="dance")]}], 40024),
    ],
)
async def test_a_menu_out_of_bounds_is_refused(
    api: Api, buttons: list[dict[str, Any]], errcode: int
) -> None:
    assert await api("menu/create", button=buttons) == errcode
    assert await api.get("menu/get") == 46003


async def test_a_menu_is_kept_until_it_is_deleted(api: Api) -> None:
    buttons = [button(), {"name": "更多", "sub_button": [button()]}]
    assert await api("menu/create", button=buttons) == OK
    assert (await api.get("menu/get"))["menu"]["button"] == buttons
    assert await api.get("menu/delete") == OK
    assert await api.get("menu/get") == 46003


async def test_codes_and_people_are_told_of(api: Api, visitor: Follower) -> None:
    scene = {"scene": {"scene_str": "code"}}
    made = await api(
        "qrcode/create", action_name="QR_STR_SCENE", action_info=scene, expire_seconds=600
    )
    assert made["expire_seconds"] == 600 and made["ticket"]
    assert await api("qrcode/create", action_name="QR_STR_SCENE", action_info={}) == 40053
    long = {"scene": {"scene_str": "x" * 65}}
    assert await api("qrcode/create", action_name="QR_STR_SCENE", action_info=long) == 40053
    assert (await api.get("user/info", openid=visitor.openid))["subscribe"] == 1
    await visitor.unsubscribe()
    told = await api.get("user/info", openid=visitor.openid)
    assert told == {"subscribe": 0, "openid": visitor.openid}


async def test_typing_is_shown_to_who_wrote_lately(
    api: Api, visitor: Follower, clock: SimulatedClock
) -> None:
    typing = {"touser": visitor.openid, "command": "Typing"}
    assert await api("message/custom/typing", **typing) == 45080
    await visitor.say("你好")
    assert await api("message/custom/typing", **typing) == OK
    assert await api("message/custom/typing", **typing) == 45081
    assert await api("message/custom/typing", **{**typing, "command": "Sing"}) == 45072
    clock.advance(timedelta(seconds=31))
    assert await api("message/custom/typing", **typing) == 45080


async def test_what_the_account_may_not_do_is_refused(
    api: Api, visitor: Follower, account: FakeAccount
) -> None:
    await visitor.say("你好")
    assert await api("money/send") == 40066
    assert await api.get("message/custom/send") == 43002
    account.limits["/cgi-bin/message/custom/send"] = 1
    assert await api.text(visitor.openid) == OK
    assert await api.text(visitor.openid) == 45009
    account.limits.clear()
    account.verified = False
    assert await api.text(visitor.openid) == 48001
    account.allowed = frozenset({"10.0.0.1"})
    assert await api.text(visitor.openid) == 40164
    assert len(account.called("custom/send")) == 5
    assert "access_token" not in account.called("custom/send")[0].params


async def test_faults_come_as_they_were_ordered(
    api: Api, visitor: Follower, account: FakeAccount
) -> None:
    await visitor.say("你好")
    account.order(Fault("custom/send", times=2))
    assert [await api.text(visitor.openid) for _ in range(3)] == [-1, -1, OK]
    account.order(Fault("custom/send", cut=True, effect=True))
    with pytest.raises(httpx.RemoteProtocolError):
        await api.text(visitor.openid, "到了")
    assert (await texts(visitor))[-1] == "到了"
    account.order(Fault("custom/send", status=502))
    with pytest.raises(AssertionError):
        await api.text(visitor.openid)
    account.order(Fault("custom/send", errcode=0, delay=0.01, openid=visitor.openid))
    assert await api.text(visitor.openid) == OK
    account.tokens.end()
    assert await api.text(visitor.openid) == 40001


async def test_a_rehearsal_says_how_to_connect_and_prints_what_is_said(
    account: FakeAccount, wechat: FakeWeChat, developer: Developer
) -> None:
    out = StringIO()
    console = console_of(account, out)
    await console.take("你好\n")
    person = next(iter(account.people.values()))
    choices = (("1", "企业"), ("2", "个人"))
    account.show(person, Way.SERVICE, "msgmenu", "您是？", choices=choices, url="https://a.cn")
    await console.show_news()
    assert out.getvalue() == "\n您是？\n  [1] 企业\n  [2] 个人\n  https://a.cn\n"
    await console.take("2")
    await wechat.callbacks.settled()
    assert developer.heard[-1]["bizmsgmenuid"] == "2"
    lines = iter(("你好", ""))
    await rehearse(0, developer.url, lambda: next(lines), out)
    assert f"BEIAN_WECHAT_APP_ID={account.app_id}" in out.getvalue()
    assert developer.heard[-1]["Content"] == "你好"
