"""The filing number at the bottom of the home page, in chat: how to write it, and a look at it."""

import asyncio
from datetime import datetime, timedelta
from itertools import count

import pytest

from bot.footer.markup import read_page
from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.looking import Looks
from dialogs.message import Button, Identity, Inbound, Reply
from dialogs.pictures import FooterPicture
from dialogs.ports import PageRefused
from dialogs.standing import standing
from dialogs.understanding.footer_requests import footer_request
from dialogs.world import SHANGHAI, World
from filing.event import Event, EventType
from filing.page import Page
from storage.memory import memory_stores
from tests.dialogs.talk import HAPPY, Talk, fill

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
IDS = count(1)
NUMBER = "苏ICP备2026000001号-1"
RIGHT = (
    "<p>样例茶业</p><footer>版权所有 南京样例茶业有限公司 "
    f"<a href='https://beian.miit.gov.cn/'>{NUMBER}</a></footer>"
)


class Pages:
    """Home pages by address, and which were asked for."""

    def __init__(self) -> None:
        self.html = {"example-tea.cn": RIGHT}
        self.asked: list[str] = []
        self.gate = asyncio.Event()  # cleared: the website is slow
        self.gate.set()

    async def fetch(self, address: str) -> Page | PageRefused:
        """The page, or that there is none."""
        self.asked.append(address)
        await self.gate.wait()
        if address not in self.html:
            return PageRefused("no_address", {"host": address})
        return read_page(self.html[address], f"https://{address}/")

    async def read(self, html: str) -> Page | PageRefused:
        """A pasted page."""
        return read_page(html)


class Person:
    """Somebody whose filing has been approved, with a whole assistant in memory."""

    def __init__(self, world: World, locale: str = "zh-CN") -> None:
        self.pages = Pages()
        self.now = NOW
        self.locale = locale
        self.stores = stores = memory_stores(lambda: self.now)
        self.assistant = Assistant(world, stores.cases, stores.dead_letters, lambda: self.now)
        self.assistant.looks = Looks(self.pages)
        self.identity = Identity("web", f"person-{next(IDS)}")
        self.replies: tuple[Reply, ...] = ()

    async def approved(self, number: str = NUMBER, **answers: str) -> "Person":
        """Fill everything in and let it be approved."""
        await self.press("cmd:resume")
        while asking := standing(await self.case(), self.now, self.assistant.world).asking:
            value = (HAPPY | answers | {"confirm": "confirm"})[asking]
            await self.press(f"answer:{asking}:{value}")
        await self.happen("submitted_to_bureau")
        await self.happen("bureau_approved", filing_number=number)
        return self

    async def happen(self, kind: str, **data: str) -> str:
        """Let something happen."""
        self.now += timedelta(minutes=1)
        event = Event(EventType(kind), self.now, data)
        return self._keep((await self.assistant.record(self.identity, event)).replies)

    async def say(self, text: str) -> str:
        """Type."""
        return await self._take(text=text)

    async def press(self, value: str) -> str:
        """Press a button."""
        return await self._take(button=value, label="")

    async def case(self) -> Case:
        """The stored case."""
        return await self.assistant.case(self.identity)

    @property
    def buttons(self) -> list[Button]:
        """Those of the last replies."""
        return [button for reply in self.replies for button in reply.buttons]

    async def happened(self) -> dict[EventType, str | None]:
        """Events of the filing, with who told them."""
        case = await self.case()
        assert case.filing is not None
        return {event.type: event.author for event in case.filing.events}

    async def _take(
        self, text: str | None = None, button: str | None = None, label: str | None = None
    ) -> str:
        self.now += timedelta(minutes=1)
        inbound = Inbound(
            self.identity, f"m{next(IDS)}", self.now, text=text, button=button, label=label,
            locale=self.locale,
        )  # fmt: skip
        return self._keep((await self.assistant.handle(inbound)).replies)

    def _keep(self, replies: tuple[Reply, ...]) -> str:
        self.replies = replies
        return "\n".join(reply.text for reply in replies)


async def test_the_approved_filing_offers_the_number_with_html_file_and_picture(
    world: World,
) -> None:
    person = await Person(world).approved()
    assert "footer:show" in [button.value for button in person.buttons]
    said = await person.press("footer:show")
    assert NUMBER in said and "版权所有" in said and "南京样例茶业有限公司" in said
    html, picture = person.replies[-1].files
    assert html.name == "footer.html" and NUMBER in html.text
    assert isinstance(picture.picture, FooterPicture)
    assert picture.picture.numbers == (NUMBER,)
    assert NUMBER in picture.alt


async def test_the_html_that_is_offered_passes_when_pasted(world: World) -> None:
    person = await Person(world).approved()
    await person.press("footer:show")
    assert "没有问题" in await person.say(person.replies[-1].files[0].text)


@pytest.mark.parametrize(
    "text",
    ["检查 example-tea.cn", "帮我看看页脚对不对", "页脚挂好了，帮忙检查一下", "check my footer"],
)
async def test_a_right_page_is_noted(world: World, text: str) -> None:
    person = await Person(world).approved()
    assert "没有问题" in await person.say(text)
    assert person.pages.asked == ["example-tea.cn"]
    assert (await person.happened())[EventType.FOOTER_DISPLAYED] == "footer_check"


async def test_a_wrong_page_is_told_line_by_line_with_the_cure(world: World) -> None:
    person = await Person(world).approved()
    person.pages.html["example-tea.cn"] = RIGHT.replace("beian.miit", "www.miitbeian")
    said = await person.say("检查 example-tea.cn")
    assert "1 处要改" in said and "miitbeian.gov.cn" in said
    assert [file.name for file in person.replies[-1].files] == ["footer.html", "页脚的样子.png"]
    assert EventType.FOOTER_DISPLAYED not in await person.happened()
    person.pages.html["example-tea.cn"] = RIGHT
    again = next(one.value for one in person.buttons if one.value.startswith("footer:check"))
    assert "没有问题" in await person.press(again)
    assert EventType.FOOTER_DISPLAYED in await person.happened()


async def test_another_domain_is_looked_at_but_not_noted(world: World) -> None:
    person = await Person(world).approved()
    person.pages.html["other.example.com"] = RIGHT
    assert "example-tea.cn" in await person.say("检查 other.example.com")
    assert EventType.FOOTER_DISPLAYED not in await person.happened()


async def test_pasted_html_is_looked_at_but_not_noted(world: World) -> None:
    person = await Person(world).approved()
    long_page = "<html><body>" + "<p>茶叶</p>" * 1000 + RIGHT + "</body></html>"
    assert "没有问题" in await person.say(long_page)
    assert person.pages.asked == []
    assert EventType.FOOTER_DISPLAYED not in await person.happened()


async def test_a_page_that_cannot_be_had_is_said_so(world: World) -> None:
    person = await Person(world).approved()
    assert "gone.example.cn" in await person.say("检查 gone.example.cn")


async def test_a_right_page_with_the_police_number_settles_both(world: World) -> None:
    person = await Person(world).approved()
    police = "苏公网安备32011402010001号"
    await person.happen("website_opened")
    await person.happen("police_filed", police_number=police)
    assert "有 1 处要改" in await person.say("检查页脚")
    assert EventType.FOOTER_DISPLAYED in await person.happened()  # that much is right already
    assert "公安备案号" in "\n".join(reply.text for reply in person.replies)
    link = "https://beian.mps.gov.cn/#/query/webSearch?code=32011402010001"
    person.pages.html["example-tea.cn"] = RIGHT + f"<a href='{link}'>{police}</a>"
    await person.say("检查页脚")
    assert {EventType.FOOTER_DISPLAYED, EventType.POLICE_NUMBER_DISPLAYED} <= set(
        await person.happened()
    )


async def until_said(person: Person, words: str) -> str:
    """Wait for a message that nobody asked for any more; its text."""
    for _ in range(200):
        lines = await person.stores.transcript.since(person.identity, 0)
        for line in reversed(lines):
            if line.said is not None and words in line.said.text:
                return line.said.text
        await asyncio.sleep(0.01)
    raise AssertionError(f"nobody said {words!r}")


async def test_beside_the_turn_a_slow_page_keeps_nobody(world: World) -> None:
    person = await Person(world).approved()
    person.assistant.looks.beside = True
    person.pages.gate.clear()
    assert "我去看看" in await person.say("检查 example-tea.cn")
    assert "我去看看" in await person.say("检查 example-tea.cn")  # still the same look
    assert "通过以后要办的事" in await person.say("还要办什么")
    assert EventType.FOOTER_DISPLAYED not in await person.happened()
    person.pages.gate.set()
    assert "没有问题" in await until_said(person, "的首页底部")
    assert person.pages.asked == ["example-tea.cn"]
    assert (await person.happened())[EventType.FOOTER_DISPLAYED] == "footer_check"


async def test_a_look_ends_with_its_process(world: World) -> None:
    person = await Person(world).approved()
    person.assistant.looks.beside = True
    person.pages.gate.clear()
    await person.say("检查 example-tea.cn")
    await asyncio.sleep(0)
    await person.assistant.looks.stop()
    assert EventType.FOOTER_DISPLAYED not in await person.happened()


async def test_the_applicants_word_is_noted_as_theirs(world: World) -> None:
    person = await Person(world).approved()
    await person.press("footer:done")
    assert (await person.happened())[EventType.FOOTER_DISPLAYED] == "applicant"


async def test_a_buttons_words_do_what_it_does(world: World) -> None:
    person = await Person(world).approved()
    await person.say("已经放好了")
    assert (await person.happened())[EventType.FOOTER_DISPLAYED] == "applicant"


async def test_every_framework_has_its_place(world: World) -> None:
    person = await Person(world).approved()
    await person.press("footer:where")
    places = [button.value for button in person.buttons]
    assert len(places) >= 10
    for place in places:
        assert len(await person.press(place)) > 20
        assert person.replies[-1].files[0].name == "footer.html"


async def test_a_framework_that_is_named_needs_no_question(world: World) -> None:
    person = await Person(world).approved()
    assert "footer.php" in await person.say("wordpress备案号加在哪里")


async def test_before_approval_there_is_nothing_to_check(world: World) -> None:
    person = Person(world)
    await person.press("cmd:resume")
    assert "通过之后" in await person.say("帮我检查一下页脚")
    assert "通过之后" in await person.press("footer:show")
    assert person.pages.asked == []


async def test_a_number_nobody_told_is_asked_for(world: World) -> None:
    person = await Person(world).approved("")
    assert "备案号" in await person.say("检查页脚")
    assert person.pages.asked == []


async def test_english_is_answered_in_english(world: World) -> None:
    person = await Person(world, "en").approved()
    person.pages.html["example-tea.cn"] = "<p>tea</p>"
    said = await person.say("please check example-tea.cn")
    assert "must be mended" in said


@pytest.mark.parametrize(
    "text, kind, address",
    [
        ("检查 example.cn", "check", "example.cn"),
        ("检查一下我的网站：https://www.example.cn/", "check", "https://www.example.cn/"),
        ("帮我看看example.cn", "check", "example.cn"),
        ("ｗｗｗ.example.cn 的页脚对吗", "check", "www.example.cn"),
        ("备案号挂好了，你看看可以吗", "check", ""),
        ("底部的备案号有没有问题", "check", ""),
        ("check www.example.cn please", "check", "www.example.cn"),
        ("is the footer right?", "check", ""),
        ("备案号挂哪里", "show", ""),
        ("页脚代码给我", "show", ""),
        ("how do I write the footer", "show", ""),
        ("wordpress备案号加在哪里", "show", ""),
        ("检查 127.0.0.1", "check", "127.0.0.1"),
        ("检查 http://localhost:8000/", "check", "http://localhost:8000/"),
    ],
)
def test_requests_are_understood(text: str, kind: str, address: str) -> None:
    request = footer_request(text)
    assert request is not None
    assert (request.kind, request.address) == (kind, address)


@pytest.mark.parametrize(
    "text",
    [
        "example.cn", "域名是 example.cn", "我的邮箱是 a@example.cn", "备案号是什么", "检查",
        "看看",         "公安备案号放哪里",
        "页脚不挂会怎么样",
        "纯API网站备案号放哪里",
        "how much is the footer fine",
        "帮我检查一下我填的内容", "check", "备案号多久下来", "1 < 2 > 0", "底部",
    ],
)  # fmt: skip
def test_other_matters_are_left_alone(text: str) -> None:
    assert footer_request(text) is None


def test_words_about_footers_do_not_disturb_the_form(world: World) -> None:
    talk = fill(Talk(world, NOW), "domain")
    talk.say("example-tea.cn")
    assert talk.values["domain"] == "example-tea.cn"
