"""From a question nobody could answer to an article that its askers are told."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk_wiring import gaps_of
from desk.audit import Wanted
from desk.gaps.article_file import NAME, ArticleFields, lines_of, read_fields, words_of
from desk.gaps.ports import ArticleDraft, DraftStatus
from desk.parts import Parts
from dialogs.message import Identity, Inbound
from dialogs.world import World, day_of
from knowledge.answering import Knowledge
from storage.ports import Stores
from tests.bot.web.real import START
from tests.desk.people import Person

QUESTION = "火星上的土豆要不要种植许可"
FIELDS = {
    "title": "火星土豆要备案吗",
    "topic": "basics",
    "ask": "\n".join(
        (
            "火星土豆备案",
            "土豆要许可吗",
            "种土豆要备案吗",
            "太空土豆怎么备案",
            "土豆网站",
            "火星种地",
        )
    ),
    "sources": "qingcloud_basics",
    "body": "不用。备案是给网站办的，土豆不用。",
}

# --- the file -------------------------------------------------------------------------------


def test_a_file_read_and_written_is_the_same() -> None:
    fields = ArticleFields(
        title='他说"好"\\',
        topic="basics",
        ask=("一", "二"),
        sources=("a", "b"),
        related=("c",),
        steps=("domain",),
        limits={"province": ("江苏",), "stage": ("draft",)},
        body="第一行\n{{ rule('x') }}\n\n最后一行",
    )
    on = day_of(START)
    assert read_fields(fields.as_file(on)) == fields
    assert read_fields(fields.as_file(on)).as_file(on) == fields.as_file(on)


@pytest.mark.parametrize("nasty", ["a\nb = 1", 'x"\ntopic = "y', "\x00\x7f", "+++\n", "'''"])
def test_what_is_typed_stays_in_its_field(nasty: str) -> None:
    fields = ArticleFields(title=nasty, ask=(nasty,), sources=(), body="文")
    read = read_fields(fields.as_file(day_of(START)))
    assert read.body == "文"
    assert read.topic == ""
    assert len(read.ask) == 1


def test_a_file_that_cannot_be_read_is_shown_as_it_is() -> None:
    for text in ("no front matter", "+++\ntitle = \n+++\nx"):
        assert read_fields(text).body == text


@pytest.mark.parametrize("name", ["..", "a/b", "A", "ab", "_ab", "a" * 61, "a.md", "猫猫猫", ""])
def test_a_name_leads_nowhere_else(name: str) -> None:
    assert NAME.fullmatch(name) is None


def test_fields_with_several_entries_are_taken_apart() -> None:
    assert lines_of(" 一 \r\n\n二\n一") == ("一", "二")
    assert words_of("江苏、浙江，上海 , 江苏") == ("江苏", "浙江", "上海")


# --- the way ---------------------------------------------------------------------------------


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def parts(parts: Parts, stores: Stores, world: World, content: Path) -> Parts:
    """A desk whose operator has a folder for articles."""
    own = Knowledge(world.knowledge.rulebook, world.knowledge.profile, content)
    own.take_over(world.knowledge)
    parts.assistant.world = replace(world, knowledge=own)
    return replace(parts, world=parts.assistant.world, gaps=gaps_of(stores, parts.assistant))


async def ask(parts: Parts, *who: str) -> None:
    for name in who:
        for number, text in enumerate(("你好", "同意", QUESTION)):
            inbound = Inbound(Identity("web", name), f"m{number}", parts.clock(), text=text)
            await parts.assistant.handle(inbound)


def files_in(folder: Path) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file()]


async def said_to(parts: Parts, stores: Stores, name: str) -> str:
    entries = await stores.transcript.since(Identity("web", name), 0, 100)
    return "\n".join(one.said.text for one in entries if one.said is not None)


async def drafted(person: Person, parts: Parts, article: str = "mars_potatoes") -> ArticleDraft:
    [gap] = await parts.gaps.list()
    begun = await person.send(f"/gaps/{gap.gap.name}/draft", of="/gaps", article=article)
    assert begun.status_code == 303, begun.text
    [draft] = await parts.gaps.drafts.open()
    assert begun.headers["location"] == f"/desk/articles/{draft.id}"
    return draft


async def written(person: Person, parts: Parts, **fields: str) -> ArticleDraft:
    draft = await drafted(person, parts)
    version = str(draft.version)
    fields = {**FIELDS, "version": version, "then": "submit", **fields}
    saved = await person.send(f"/articles/{draft.id}", of=f"/articles/{draft.id}", **fields)
    assert saved.status_code == 303, saved.text
    [draft] = await parts.gaps.drafts.open()
    return draft


async def decide(person: Person, draft: ArticleDraft, what: str, **fields: str) -> int:
    sent = await person.send(
        f"/articles/{draft.id}/decide",
        of="/gaps",
        **{"version": str(draft.version), "what": what, **fields},
    )
    return sent.status_code


async def test_a_question_becomes_an_article_and_its_askers_are_told(
    supervisor: Person, admin: Person, parts: Parts, stores: Stores, content: Path
) -> None:
    await ask(parts, "one", "two")
    page = (await supervisor.page("/gaps")).text
    assert QUESTION in page
    assert "问了 2 次" in page
    draft = await written(supervisor, parts)
    assert draft.status is DraftStatus.SUBMITTED
    assert await decide(supervisor, draft, "approve") == 403  # one's own
    editor = (await admin.page(f"/articles/{draft.id}")).text
    assert "土豆不用" in editor
    assert "检查通过" in editor
    assert await decide(admin, draft, "approve") == 303
    file = content / "articles" / "zh-CN" / "mars_potatoes.md"
    assert "火星土豆要备案吗" in file.read_text("utf-8")
    for name in ("one", "two"):
        assert (await said_to(parts, stores, name)).count("土豆不用") == 1
    assert await parts.gaps.list() == []
    deeds = await parts.audit.entries(Wanted(object="article:"))
    assert [(one.draft.agent, one.draft.action) for one in deeds] == [
        ("zhao", "gap_answered"),
        ("wang", "article_written"),
    ]


async def test_an_admin_may_approve_what_they_wrote(
    admin: Person, parts: Parts, content: Path
) -> None:
    await ask(parts, "one")
    assert await decide(admin, await written(admin, parts), "approve") == 303
    assert files_in(content) == ["mars_potatoes.md"]


async def test_an_article_that_is_not_sound_is_refused_with_file_line_and_cure(
    admin: Person, parts: Parts, content: Path
) -> None:
    await ask(parts, "one")
    draft = await written(admin, parts, body="要 {{ rule('nothing') }} 天")
    page = (await admin.page(f"/articles/{draft.id}")).text
    assert "articles/zh-CN/mars_potatoes.md:" in page
    assert "no rule is called" in page
    assert "/tmp" not in page
    assert await decide(admin, draft, "approve") == 422
    assert files_in(content) == []
    assert parts.world.knowledge.title("mars_potatoes", "zh-CN") is None


async def test_nobody_approves_what_they_have_not_read(
    supervisor: Person, admin: Person, parts: Parts
) -> None:
    await ask(parts, "one")
    draft = await written(supervisor, parts)
    changed = {**FIELDS, "version": str(draft.version), "body": "改过了。"}
    page = f"/articles/{draft.id}"
    assert (await supervisor.send(page, of=page, **changed)).status_code == 303
    assert await decide(admin, draft, "approve") == 409
    assert (await supervisor.send(page, of=page, **changed)).status_code == 409


async def test_a_second_person_sends_an_article_back_with_a_word(
    supervisor: Person, admin: Person, parts: Parts
) -> None:
    await ask(parts, "one")
    draft = await written(supervisor, parts)
    assert await decide(admin, draft, "return", note="请写上<依据>") == 303
    page = (await supervisor.page(f"/articles/{draft.id}")).text
    assert "请写上&lt;依据&gt;" in page
    assert "要修改" in page
    [again] = await parts.gaps.drafts.open()
    assert await decide(admin, again, "drop") == 303
    assert await parts.gaps.drafts.open() == []


async def test_an_article_there_is_can_be_improved(
    supervisor: Person, parts: Parts, world: World
) -> None:
    await ask(parts, "one")
    draft = await drafted(supervisor, parts, "duration")
    fields = read_fields(draft.text)
    assert fields.title == world.knowledge.articles("zh-CN")["duration"].title
    assert fields.sources
    looked = await parts.gaps.look(draft)
    assert looked.problems == ()


async def test_without_a_folder_nothing_is_put_up(
    admin: Person, parts: Parts, world: World
) -> None:
    await ask(parts, "one")
    draft = await written(admin, parts)
    parts.world.knowledge.extra_dir = None
    assert "BEIAN_CONTENT" in (await admin.page("/gaps")).text
    assert await decide(admin, draft, "approve") == 409


@pytest.mark.parametrize("name", ["..", "Nasty/../x", ""])
async def test_a_bad_name_is_refused(supervisor: Person, parts: Parts, name: str) -> None:
    await ask(parts, "one")
    [gap] = await parts.gaps.list()
    sent = await supervisor.send(f"/gaps/{gap.gap.name}/draft", of="/gaps", article=name)
    assert sent.status_code == 422


async def test_a_gap_that_is_gone_says_so(supervisor: Person) -> None:
    assert (await supervisor.send("/gaps/99/draft", of="/gaps", article="abc")).status_code == 404


async def test_other_staff_write_no_articles(agent: Person) -> None:
    assert (await agent.page("/gaps")).status_code == 403


@pytest.mark.parametrize("way", ["/articles/%00", "/articles/..%2f..", "/quality/%00", "/gaps/x"])
async def test_an_address_that_names_nothing_is_refused(supervisor: Person, way: str) -> None:
    assert 400 <= (await supervisor.page(way)).status_code < 500
