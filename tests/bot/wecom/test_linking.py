"""Going on in WeCom customer service with what was begun on the web, and the other way round."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.linking import ChannelLinks, ServedWays
from bot.settings import Settings
from bot.testing.wecom import Customer
from dialogs.message import Button, Identity, Inbound
from tests.bot.wecom.running import Running, at_work
from tests.storage.making import unique

WEB = Identity("web", "browser-7788")


def linked_up(wecom: Running) -> None:
    """Let the assistant make and take codes, as `beian serve` does."""
    set_: dict[str, Any] = {
        name.removeprefix("BEIAN_").lower(): value for name, value in wecom.wecom.settings().items()
    }
    settings = Settings(_env_file=None, **set_)
    ways = ServedWays(settings, lambda: "", wecom_url=wecom.service.contact_url)
    stores = wecom.program.stores
    links = ChannelLinks(stores.links, stores.attempts, wecom.clock, ways)
    wecom.program.assistant.links = links


async def on_web(wecom: Running, **what: Any) -> tuple[str, list[Button]]:
    """Write or press something on the web; what is answered, and the buttons below it."""
    inbound = Inbound(WEB, unique("m"), wecom.clock(), **what)
    replies = (await wecom.program.assistant.handle(inbound)).replies
    text = "\n".join(one.text for one in replies)
    return text, [button for one in replies for button in one.buttons]


async def agreed(wecom: Running) -> None:
    """The owner of the code says that it was them."""
    entries = await wecom.program.stores.transcript.latest(WEB, 10)
    asked = [button for one in entries if one.said for button in one.said.buttons]
    yes = next(one for one in reversed(asked) if one.value.startswith("link:yes"))
    await on_web(wecom, button=yes.value)


async def test_a_link_from_the_web_opens_the_same_conversation(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        linked_up(wecom)
        await on_web(wecom, text="我想备案")
        _, buttons = await on_web(wecom, text="在微信客服继续")
        url = next(one.url for one in buttons if one.url)
        assert url is not None
        [word] = parse_qs(urlsplit(url).query)["scene_param"]
        customer = Customer(wecom.wecom.corp)
        await customer.enter(word)
        [welcome] = await wecom.shown(customer)
        assert "确认" in welcome.text
        await agreed(wecom)
        await wecom.settle()
        theirs = await wecom.case(customer)
        mine = await wecom.program.assistant.case(WEB)
        assert theirs.conversation_id == mine.conversation_id
        assert wecom.wecom.corp.outside_the_rules() == []


async def test_a_code_from_the_web_may_be_typed(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        linked_up(wecom)
        await on_web(wecom, text="我想备案")
        text, _ = await on_web(wecom, text="绑定")
        code = re.search(r"[A-Z2-9]{3}-[A-Z2-9]{3}-[A-Z2-9]{3}", text)
        assert code is not None
        customer = Customer(wecom.wecom.corp)
        [told] = await wecom.say(customer, code[0])
        assert "确认" in told
        await agreed(wecom)
        theirs = await wecom.case(customer)
        assert WEB in theirs.everywhere


async def test_a_code_from_customer_service_leads_to_the_web(tmp_path: Path) -> None:
    async with at_work(tmp_path) as wecom:
        linked_up(wecom)
        customer = Customer(wecom.wecom.corp)
        await wecom.say(customer, "我想备案")
        [told] = await wecom.say(customer, "换到网页继续")
        found = re.search(r"http://\S+/#(\S+)", told)
        assert found is not None
        await on_web(wecom, start=found[1])
        [asked] = await wecom.shown(customer)
        assert asked.choices
        await customer.press(asked.choices[0][1])
        await wecom.settle()
        assert (
            Identity("wecom", customer.external_id)
            in (await wecom.program.assistant.case(WEB)).everywhere
        )
