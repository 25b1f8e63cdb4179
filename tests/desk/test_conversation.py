"""The page of a conversation, as colleagues' browsers use it."""

import re
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from bot.attachments import content_of, reader_of
from bot.clock import SimulatedClock
from desk.audit import Wanted
from desk.parts import Parts
from dialogs.case import Case
from dialogs.message import Identity, Inbound, IncomingFile
from filing.event import EventType
from storage.ports import Stores
from tests.bot.web.real import START
from tests.desk.people import Person
from tests.dialogs.talk import HAPPY

APPLICANT = Identity("web", "visitor")


class Applicant:
    """Somebody in the web chat."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.sent = 0

    async def say(self, text: str = "", button: str | None = None) -> Case:
        self.sent += 1
        what = {"button": button} if button else {"text": text}
        inbound = Inbound(APPLICANT, f"m{self.sent}", self.parts.clock(), **what)  # type: ignore[arg-type]
        return (await self.parts.assistant.handle(inbound)).case

    async def fill(self, until: str) -> Case:
        """Answer until a question is asked."""
        case = await self.say("你好")
        for step, value in HAPPY.items():
            if step == until:
                break
            case = await self.say(button=f"answer:{step}:{value}")
        return case

    async def heard(self) -> list[str]:
        """All that was said to them."""
        entries = await self.parts.helping.transcript.since(APPLICANT, 0, 1000)
        return [one.said.text for one in entries if one.said is not None]


@pytest.fixture
def applicant(parts: Parts) -> Applicant:
    return Applicant(parts)


@pytest.fixture
async def place(applicant: Applicant) -> str:
    """The path of a conversation in which the site's name is asked."""
    case = await applicant.fill("site_name")
    return f"/conversations/{case.conversation_id}"


def _sentence(response: httpx.Response) -> str:
    body = response.json()
    return str(body.get("error", body.get("done", "")))


async def test_the_page_shows_the_transcript_and_the_filing(agent: Person, place: str) -> None:
    shown = await agent.page(place)
    assert shown.status_code == 200
    assert "example-tea.cn" in shown.text
    assert "还没有人接待" in shown.text
    assert "首次备案" in shown.text
    assert 'data-reveal="phone"' in shown.text
    assert 'data-reveal="cert_number"' not in shown.text  # a public code is not hidden
    assert "**************0024" in shown.text
    for step in ("principal_id_number", "phone", "principal_name", "email"):
        assert HAPPY[step] not in shown.text, step


async def test_what_was_typed_in_the_chat_is_masked_there_too(
    agent: Person, applicant: Applicant, place: str
) -> None:
    await applicant.say("我叫张样例，电话１３８ ００１３ ８０００，身份证 320102198001010024")
    shown = (await agent.page(place)).text
    for secret in ("张样例", "13800138000", "320102198001010024", "００１３"):
        assert secret not in shown, secret


async def test_the_parts_that_change_come_without_the_frame(agent: Person, place: str) -> None:
    now = await agent.page(f"{place}/now")
    assert now.status_code == 200
    assert 'id="live-filing"' in now.text
    assert "<nav" not in now.text


async def test_a_conversation_that_is_not_there_is_told(agent: Person) -> None:
    assert (await agent.page("/conversations/0000")).status_code == 404
    assert (await agent.page("/conversations/0000/now")).status_code == 404
    assert (await agent.post("/conversations/0000/claim")).status_code == 404


async def test_who_takes_it_speaks_and_hands_back(
    agent: Person, applicant: Applicant, place: str
) -> None:
    assert (await agent.send(f"{place}/claim", of=place)).status_code == 303
    assert "由您接待" in (await agent.page(place)).text
    await applicant.say("您好，我填不下去了")
    assert (await agent.send(f"{place}/say", of=place, text="我来帮您看看。")).status_code == 303
    assert (await applicant.heard())[-1] == "我来帮您看看。"
    goodbye = (await agent.page(place)).text
    assert (await agent.send(f"{place}/hand-back", of=place)).status_code == 303
    said = (await applicant.heard())[-2:]
    assert all(text.split("\n")[0] in goodbye for text in said)
    assert "网站叫什么名字" in said[-1]


async def test_what_cannot_be_sent_stays_in_the_composer_with_the_reason(
    agent: Person, applicant: Applicant, place: str
) -> None:
    refused = await agent.send(f"{place}/say", of=place, text="您好")
    assert refused.status_code == 409
    assert "请先接入" in refused.text
    assert re.search(r"<textarea id=\"say\"[^>]*>您好</textarea>", refused.text)
    await agent.send(f"{place}/claim", of=place)
    blank = await agent.send(f"{place}/say", of=place, text="备案号是 ⟦备案号⟧。")
    assert "还有没填的内容：备案号" in blank.text
    assert "⟦" not in "".join(await applicant.heard())


async def test_of_two_colleagues_the_second_is_told_who_has_it(
    agent: Person, supervisor: Person, applicant: Applicant, place: str
) -> None:
    await agent.send(f"{place}/claim", of=place)
    late = await supervisor.post(f"{place}/claim", of=place)
    assert (late.status_code, _sentence(late)) == (409, "li正在接待，请等 TA 放手，或请主管接管。")
    said = await supervisor.post_form(f"{place}/say", of=place, text="我也来")
    assert "li正在接待" in _sentence(said)
    assert (await supervisor.post_form(f"{place}/take-over", of=place)).status_code == 422
    taken = await supervisor.post_form(f"{place}/take-over", of=place, reason="要升级")
    assert taken.status_code == 200
    assert (await agent.post_form(f"{place}/say", of=place, text="还在吗")).status_code == 409
    assert "还在吗" not in await applicant.heard()
    assert (await agent.post_form(f"{place}/take-over", of=place, reason="我要")).status_code == 403


async def test_a_note_and_a_draft_reach_no_applicant(
    agent: Person, supervisor: Person, applicant: Applicant, place: str
) -> None:
    await agent.send(f"{place}/notes", of=place, text="@wang 这人的执照像是假的")
    await agent.post_form(f"{place}/draft", of=place, text="先别发", seen="0")
    page = (await supervisor.page(place)).text
    assert "执照像是假的" in page
    assert "先别发" in page
    assert not any("假的" in text or "先别发" in text for text in await applicant.heard())


async def test_whoever_saves_a_draft_second_is_shown_the_first(
    agent: Person, supervisor: Person, place: str
) -> None:
    kept = await agent.post_form(f"{place}/draft", of=place, text="您好", seen="0")
    assert kept.json() == {"version": 1}
    late = await supervisor.post_form(f"{place}/draft", of=place, text="你好", seen="0")
    assert late.status_code == 409
    assert late.json() == {"version": 1, "author": "li", "text": "您好"}


async def test_who_else_is_there_is_shown(agent: Person, supervisor: Person, place: str) -> None:
    await agent.post_form(f"{place}/presence", of=place, typing="true")
    there = await supervisor.post_form(f"{place}/presence", of=place)
    assert there.json()["present"] == [{"who": "li", "typing": True}]
    await agent.post(f"{place}/leave", of=place)
    assert (await supervisor.post_form(f"{place}/presence", of=place)).json()["present"] == []


async def test_the_mark_tells_that_something_changed(
    agent: Person, applicant: Applicant, place: str
) -> None:
    async def mark() -> str:
        return str((await agent.post_form(f"{place}/presence", of=place)).json()["mark"])

    first = await mark()
    assert await mark() == first
    await applicant.say("在吗")
    second = await mark()
    assert second != first
    await agent.send(f"{place}/notes", of=place, text="问过了")
    assert await mark() != second


async def test_a_proposed_value_counts_once_the_applicant_agrees(
    agent: Person, applicant: Applicant, place: str
) -> None:
    await agent.send(f"{place}/claim", of=place)
    wrong = await agent.post_form(f"{place}/propose", of=place, step="domain", value="???")
    assert wrong.status_code == 422
    assert "不能提这个值" in _sentence(wrong)
    asked = await agent.post_form(f"{place}/propose", of=place, step="domain", value="example.cn")
    assert asked.status_code == 200
    assert "等申请人确认：域名" in (await agent.page(place)).text
    entries = await applicant.parts.helping.transcript.latest(APPLICANT, 1)
    said = entries[0].said
    assert said is not None
    await applicant.say(button=said.buttons[0].value)
    page = (await agent.page(place)).text
    assert re.search(r'data-step="domain".*?example\.cn.*?li', page, re.S)


async def test_an_event_is_recorded_or_refused_with_the_reason(
    agent: Person, applicant: Applicant, place: str
) -> None:
    early = await agent.post_form(
        f"{place}/events", of=place, event="sms_verified", person="principal"
    )
    assert "现在是“填写中”" in _sentence(early)
    number = await agent.post_form(
        f"{place}/events", of=place, event="bureau_approved", filing_number="1"
    )
    assert "不是正确的号码" in _sentence(number)
    code = await agent.post_form(f"{place}/events", of=place, event="returned", code="R77")
    assert "没有这个原因代码" in _sentence(code)
    done = await agent.post_form(f"{place}/events", of=place, event="first_review_passed")
    assert done.status_code == 200
    assert "初审通过了" in (await applicant.heard())[-1]
    stranger = await agent.post_form(f"{place}/events", of=place, event="reminder_snoozed")
    assert stranger.status_code == 422


async def test_what_is_to_be_deleted_is_not_sent_on_until_its_owner_keeps_it(
    agent: Person, applicant: Applicant, place: str
) -> None:
    await applicant.say(text="删除我的所有资料")
    await applicant.say(button="yes:erase")
    page = (await agent.page(place)).text
    assert re.search(r'id="erasing">[^<]*可由本人撤回', page)
    for path, given in (
        ("events", {"event": "first_review_passed"}),
        ("materials/export", {"reason": "送审"}),
    ):
        refused = await agent.post_form(f"{place}/{path}", of=place, **given)
        assert refused.status_code == 409
        assert "申请人要求删除" in _sentence(refused)
    await applicant.say(text="保留")
    assert 'id="erasing"' not in (await agent.page(place)).text
    done = await agent.post_form(f"{place}/events", of=place, event="first_review_passed")
    assert done.status_code == 200


async def test_while_a_colleague_has_it_an_event_is_told_at_hand_back(
    agent: Person, applicant: Applicant, place: str
) -> None:
    await agent.send(f"{place}/claim", of=place)
    before = len(await applicant.heard())
    await agent.post_form(f"{place}/events", of=place, event="first_review_passed")
    assert len(await applicant.heard()) == before
    await agent.send(f"{place}/hand-back", of=place)
    assert any("初审通过" in text for text in (await applicant.heard())[before:])


async def test_a_task_is_set_given_and_done(agent: Person, supervisor: Person, place: str) -> None:
    await agent.send(f"{place}/tasks", of=place, text="打电话确认地址", due="2026-12-01")
    page = (await supervisor.page(place)).text
    assert "打电话确认地址" in page
    [key] = re.findall(r'name="key" value="([^"]+)"', page)[:1]
    assert (
        await agent.post_form(f"{place}/tasks/assign", of=place, key=key, assignee="nobody")
    ).status_code == 422
    await supervisor.send(f"{place}/tasks/assign", of=place, key=key, assignee="wang")
    await supervisor.send(f"{place}/tasks/done", of=place, key=key)
    again = await supervisor.post_form(f"{place}/tasks/done", of=place, key=key)
    assert again.status_code == 409
    stranger = await supervisor.post_form(f"{place}/tasks/done", of=place, key="unreachable/1")
    assert stranger.status_code == 404


async def test_a_document_is_asked_for_and_awaited(
    agent: Person, applicant: Applicant, place: str
) -> None:
    await agent.send(f"{place}/claim", of=place)
    await agent.send(
        f"{place}/documents", of=place, which="域名证书", why="核对所有者", due="2026-12-01"
    )
    said = (await applicant.heard())[-1]
    assert "请发一份材料：域名证书" in said
    assert "12月1日" in said
    assert "等申请人发来：域名证书" in (await agent.page(place)).text


async def test_canned_texts_come_filled_and_name_what_is_missing(agent: Person, place: str) -> None:
    headers = {"accept": "application/json"}
    filled = await agent.client.get(f"/desk{place}/canned/approved", headers=headers)
    assert filled.json()["missing"] == ["备案号"]
    assert "example-tea.cn" in filled.json()["text"]
    assert (await agent.client.get(f"/desk{place}/canned/none", headers=headers)).status_code == 404


async def test_knowledge_answers_for_this_applicant(agent: Person, place: str) -> None:
    found = await agent.client.get(f"/desk{place}/knowledge", params={"q": "备案要多少钱"})
    [answer] = found.json()["answers"]
    assert "不收费" in answer["text"]
    assert answer["citations"]
    one = await agent.client.get(f"/desk{place}/knowledge", params={"article": answer["article"]})
    assert one.json()["answers"][0]["title"] == answer["title"]


async def test_a_sheet_is_previewed_then_recorded(
    agent: Person, applicant: Applicant, place: str, stores: Stores, clock: SimulatedClock
) -> None:
    case = await applicant.parts.assistant.case(APPLICANT)
    sheet = f"filing,event,at\n{case.active},first_review_passed,{START:%Y-%m-%d}\nx,y,z\n"
    csrf = await agent.csrf("/events")
    shown = await agent.client.post(
        "/desk/events/preview", data={"csrf": csrf}, files={"file": ("e.csv", sheet)}
    )
    assert "可以记录 1" in shown.text
    assert "看不懂" in shown.text
    applied = await agent.send("/events/apply", of="/events", sheet=sheet)
    assert "已记录 1" in applied.text
    again = await agent.send("/events/apply", of="/events", sheet=sheet)
    assert "以前记过，跳过 1" in again.text
    found = await stores.filings.find(case.active or "")
    assert found is not None
    assert [one.type for one in found.filing.events] == [EventType.FIRST_REVIEW_PASSED]
    refused = await agent.send("/events/apply", of="/events", sheet="a,b\n")
    assert refused.status_code == 422
    template = await agent.client.get("/desk/events/template.csv")
    assert template.headers["content-disposition"].startswith("attachment")


async def test_a_masked_value_is_shown_for_a_reason_that_is_written_down(
    agent: Person, place: str, parts: Parts
) -> None:
    without = await agent.post_form(f"{place}/reveal", of=place, step="phone")
    assert without.status_code == 422
    shown = await agent.post_form(f"{place}/reveal", of=place, step="phone", reason="打电话核对")
    assert shown.json() == {"value": HAPPY["phone"], "seconds": 60}
    public = await agent.post_form(f"{place}/reveal", of=place, step="domain", reason="看看")
    assert public.status_code == 404
    [entry] = await parts.audit.entries(Wanted(action="value_revealed"))
    assert (entry.draft.agent, entry.draft.detail["step"]) == ("li", "phone")
    assert entry.draft.detail["reason"] == "打电话核对"
    assert HAPPY["phone"] not in repr(entry)


async def test_a_file_is_handed_out_of_its_own_conversation_only(
    agent: Person, applicant: Applicant, place: str, stores: Stores, parts: Parts
) -> None:
    await agent.send(f"{place}/claim", of=place)
    kept = await stores.files.put(APPLICANT, "执照 1.png", "image/png", b"<svg onload=alert(1)>")
    other = await stores.files.put(APPLICANT, "b.png", "image/png", b"x")
    sent = IncomingFile(kept, "执照 1.png", "image/png", 21)
    await parts.assistant.handle(Inbound(APPLICANT, "f1", parts.clock(), files=(sent,)))
    assert "执照 1.png" in (await agent.page(place)).text
    got = await agent.page(f"{place}/files/{kept}")
    assert got.content == b"<svg onload=alert(1)>"
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert (await agent.page(f"{place}/files/{other}")).status_code == 404
    assert [one.draft.action for one in await parts.audit.entries(Wanted(action="file_opened"))]


async def test_mentions_and_tasks_wait_on_a_page_of_their_own(
    agent: Person, supervisor: Person, place: str
) -> None:
    await agent.send(f"{place}/notes", of=place, text="@wang 请看一下执照")
    await agent.send(f"{place}/tasks", of=place, text="打电话", assignee="wang")
    page = (await supervisor.page("/tasks")).text
    assert "请看一下执照" in page
    assert "打电话" in page
    assert f"/desk{place}" in page
    assert "打电话" not in (await agent.page("/tasks")).text
    assert "打电话" in (await agent.page("/tasks?whose=all")).text
    await supervisor.page(place)
    assert "请看一下执照" not in (await supervisor.page("/tasks")).text
    [key] = re.findall(r'name="key" value="([^"]+)"', page)
    assert (await supervisor.send("/tasks/done", of="/tasks", key=key)).status_code == 303
    assert "打电话" not in (await supervisor.page("/tasks?whose=all")).text


async def test_a_colleagues_file_reaches_the_applicant_and_is_kept_encrypted(
    agent: Person, applicant: Applicant, place: str, stores: Stores
) -> None:
    headers = {
        "x-csrf-token": await agent.csrf(place),
        "accept": "application/json",
        "x-file-name": quote("../模板 1.docx"),
    }
    early = await agent.client.post(f"/desk{place}/attach", content=b"x", headers=headers)
    assert early.status_code == 409
    await agent.send(f"{place}/claim", of=place)
    sent = await agent.client.post(f"/desk{place}/attach", content=b"a template", headers=headers)
    assert sent.status_code == 200
    [last] = await applicant.parts.helping.transcript.latest(APPLICANT, 1)
    assert last.said is not None
    [file] = last.said.files
    assert (file.name, file.path) == ("模板 1.docx", "")
    assert await content_of(file, kept=reader_of(stores.files)) == b"a template"
    with pytest.raises(FileNotFoundError):
        await content_of(file)
    empty = await agent.client.post(f"/desk{place}/attach", content=b"", headers=headers)
    assert empty.status_code == 422
    big = await agent.client.post(
        f"/desk{place}/attach", content=b"x" * (20 * 2**20 + 1), headers=headers
    )
    assert big.status_code == 413


async def test_what_is_sent_twice_under_one_key_is_said_once(
    agent: Person, applicant: Applicant, place: str
) -> None:
    await agent.send(f"{place}/claim", of=place)
    for _ in range(2):
        sent = await agent.post_form(f"{place}/say", of=place, text="马上好", once="k1")
        assert sent.status_code == 200
    assert (await applicant.heard()).count("马上好") == 1


async def test_an_open_page_alone_keeps_nobody_logged_in(
    agent: Person, place: str, clock: SimulatedClock
) -> None:
    csrf = await agent.csrf(place)
    headers = {"x-csrf-token": csrf, "accept": "application/json"}
    statuses = []
    for _ in range(4):
        clock.advance(timedelta(minutes=10))
        answer = await agent.client.post(f"/desk{place}/presence", headers=headers)
        statuses.append(answer.status_code)
    assert (statuses[:2], statuses[-1]) == ([200, 200], 401)
