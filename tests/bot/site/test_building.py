"""The help site as files: complete, linked, sourced, and safe to write again."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.site.blocks import BlockKind, blocks_of
from bot.site.building import MANIFEST, NotASite, write_site
from bot.site.differences import by_province, by_subject
from bot.site.search_index import Searched, search_index, terms_of
from dialogs.world import World
from knowledge.toml_reader import LOCALES
from tests.bot.site.conftest import TODAY


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("href", "src"):
            if given.get(name):
                self.addresses.append(given[name] or "")
        if given.get("id"):
            self.ids.add(given["id"] or "")


def _read(path: Path) -> _Links:
    parser = _Links()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = {path: _read(path) for path in site.rglob("*.html")}
    assert len(pages) > 200
    dead = []
    for path, page in pages.items():
        for address in page.addresses:
            name, _, anchor = address.partition("#")
            if re.match(r"[a-z]+:", name):
                continue
            target = (path.parent / name).resolve() if name else path
            there = pages.get(target)
            if not target.is_file() or (anchor and there is not None and anchor not in there.ids):
                dead.append(f"{path.name}: {address}")
    assert dead == []


def test_every_article_has_its_place(site: Path, world: World) -> None:
    for locale in LOCALES:
        ids = set().union(*(_read(path).ids for path in (site / locale).glob("*.html")))
        assert world.knowledge.articles(locale).keys() <= ids
        index = (site / locale / "index.html").read_text(encoding="utf-8")
        for page in (site / locale).glob("*.html"):
            assert page.name == "index.html" or f'href="{page.name}"' in index, page.name


def test_an_article_shows_sources_dates_and_where_it_holds(site: Path) -> None:
    page = (site / "zh-CN" / "footer.html").read_text(encoding="utf-8")
    assert "信息产业部令第33号" in page
    assert "2026-11-24 核对" in page
    assert "常在这时问到" in page
    assert "&lt;a href=" in page
    assert "按 2026-11-26 有效的规则生成" in page
    assert 'href="https://beian.example.cn"' in page
    assert "<summary>广东</summary>" in page


def test_no_page_holds_a_style_a_script_or_an_unfilled_place(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "default-src &#39;none&#39;" in page
        assert "style=" not in page
        assert not re.search(r"<script(?! type=\"module\" src=)", page)
        assert not re.search(r"\{\{|\{%|\bNone\b", page), path.name


def test_a_province_says_what_its_rules_say(site: Path) -> None:
    page = (site / "zh-CN" / "province_jiangsu.html").read_text(encoding="utf-8")
    assert "江苏的备案规定" in page
    assert 'id="province_jiangsu_phone"' in page
    english = (site / "en" / "province_jiangsu.html").read_text(encoding="utf-8")
    assert "Filing rules of Jiangsu" in english


def test_an_english_reader_is_told_what_is_only_in_chinese(site: Path) -> None:
    page = (site / "en" / "index.html").read_text(encoding="utf-8")
    assert "Only in Chinese so far" in page
    assert '<ul lang="zh-CN">' in page


def test_a_site_is_replaced_and_nothing_else(site: Path, world: World, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("important", encoding="utf-8")
    with pytest.raises(NotASite, match="holds files"):
        write_site(world, mine, TODAY)
    with pytest.raises(NotASite, match="no folder"):
        write_site(world, mine / "thesis.txt", TODAY)
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]
    out = tmp_path / "out"
    (out / "zh-CN").mkdir(parents=True)
    (out / "zh-CN" / "gone.html").write_text("old", encoding="utf-8")
    (out / "note.txt").write_text("put here by hand", encoding="utf-8")
    (out / MANIFEST).write_text("zh-CN/gone.html\n", encoding="utf-8")
    write_site(world, out, TODAY, "https://beian.example.cn")
    assert not (out / "zh-CN" / "gone.html").exists()
    assert (out / "note.txt").exists()
    same = (path.relative_to(site) for path in site.rglob("*") if path.is_file())
    assert all((out / name).read_bytes() == (site / name).read_bytes() for name in same)


def test_text_becomes_paragraphs_lists_and_code() -> None:
    text = "先看：\n· 一\n· 二\n\n1. 甲\n2. 乙\n<b>x</b>\n见 https://a.example/x。完。"
    kinds = [(block.kind, len(block.lines)) for block in blocks_of(text)]
    assert kinds == [
        (BlockKind.PARAGRAPH, 1),
        (BlockKind.LIST, 2),
        (BlockKind.STEPS, 2),
        (BlockKind.CODE, 1),
        (BlockKind.PARAGRAPH, 1),
    ]
    assert blocks_of(text)[3].lines == ("&lt;b&gt;x&lt;/b&gt;",)
    link = '见 <a href="https://a.example/x" rel="noopener">https://a.example/x</a>。完。'
    assert blocks_of(text)[-1].lines == (link,)
    assert blocks_of("<script>\n& <i>")[0].lines[0] == "&lt;script&gt;"


def test_provinces_and_subjects_that_differ_are_told_together(world: World) -> None:
    articles = world.knowledge.articles("zh-CN")
    variants = by_province(world.knowledge, articles["domain_expiry"], TODAY, world.wording)
    assert [(one.labels, "180 天" in one.text) for one in variants] == [(("上海",), True)]
    assert by_province(world.knowledge, articles["fee"], TODAY, world.wording) == ()
    assert by_subject(world.knowledge, articles["fee"], TODAY, world.wording) == ()


def test_the_index_knows_pairs_words_and_traditional_characters() -> None:
    assert [*terms_of("備案 ICP Filings，网站")] == ["备案", "icp", "filing", "网站"]
    index = search_index([Searched("fee.html", "收费吗", "费用", ("备案要钱吗",), "不收费。")])
    assert index["pages"] == [["fee.html", "收费吗", "费用"]]
    assert index["terms"]["收费"] == [0, 8]
    assert index["terms"]["要钱"] == [0, 6]
    assert index["terms"]["不收"] == [0, 1]
    pairs = index["simplified"]
    assert dict(zip(pairs[::2], pairs[1::2], strict=True))["備"] == "备"


def test_the_search_index_is_small_enough_to_fetch(site: Path) -> None:
    for locale in LOCALES:
        path = site / locale / "search.json"
        assert path.stat().st_size < 1_500_000
        index = json.loads(path.read_text(encoding="utf-8"))
        assert all((site / locale / page[0].partition("#")[0]).is_file() for page in index["pages"])
