"""Reading a home page's HTML into lines, links and what is hidden."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import urljoin, urlsplit

import webencodings
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.footer.styles import Look, Said, look, own_style, styled
from filing.page import Hidden, Line, Page, Piece

_BLOCKS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl",
        "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "ul", "option", "summary", "details", "title",
    }
)  # fmt: skip
_SILENT: Final = frozenset({"style", "title", "object", "select"})
_NEVER_SHOWN: Final = frozenset({"noscript", "template"})
_META_CHARSET: Final = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_BLANKS: Final = re.compile(r"\s+")
_LONGEST: Final = 2**20  # characters
_MOST_NODES: Final = 60_000
_MOST_SCRIPT: Final = 500_000
_NOWHERE: Final = "http://page.invalid/"  # RFC 2606: where a page without an address lies
_GARBLED: Final = 0.1  # share of unreadable characters from which a charset is not believed


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text. ``garbled_as`` is the charset it claims, if browsers show it garbled so."""

    text: str
    garbled_as: str = ""


def decode(content: bytes, charset: str | None = None) -> Decoded:
    """The text of a page: by its byte-order mark, the answer's ``charset``, its own word, a guess.

    A claim that its bytes contradict is not believed.
    """
    for label in (_marked_charset(content), charset, _own_charset(content)):
        encoding = webencodings.lookup(label) if label else None
        if encoding is None:
            continue
        text = str(webencodings.decode(content, encoding, "replace")[0])
        better = _better(content, encoding.name, text)
        return Decoded(text) if better is None else Decoded(better, encoding.name)
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Decoded(content.decode("gb18030", "replace"))


def read_page(html: str, url: str = "", *, garbled_as: str = "") -> Page:
    """The page as its reader would see it before scripts run. ``url`` resolves its links."""
    parser = LexborHTMLParser(html[:_LONGEST])
    reading = _Reading(_base(parser, url or _NOWHERE), styled(parser))
    if parser.root is not None:
        reading.read(parser.root, _first_look(parser))
    reading.end_line()
    return Page(
        lines=tuple(reading.lines),
        pictures="\n".join(reading.pictures),
        scripts="\n".join(reading.scripts)[:_MOST_SCRIPT],
        comments="\n".join(reading.comments)[:_MOST_SCRIPT],
        frames=tuple(reading.frames),
        runs_scripts=reading.runs_scripts,
        cut_short=reading.cut_short or len(html) > _LONGEST,
        garbled_as=garbled_as,
    )


def refreshed_to(html: str, url: str) -> str | None:
    """Where a page sends its reader at once by ``<meta http-equiv=refresh>``."""
    for node in LexborHTMLParser(html).css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            _, _, target = (node.attributes.get("content") or "").partition("=")
            if target.strip(" '\""):
                return urljoin(url, target.strip(" '\""))
    return None


_Waiting: TypeAlias = tuple[LexborNode | None, Look, str | None]
"""A node to read, how its text looks and where it leads; no node: the end of a block."""


@dataclass(slots=True)
class _Reading:
    url: str
    sheet: Mapping[int, Mapping[str, Said]]
    lines: list[Line] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    runs_scripts: bool = False
    cut_short: bool = False
    _pieces: list[Piece] = field(default_factory=list)
    _nodes: int = 0

    def read(self, root: LexborNode, first: Look) -> None:
        """Walk the tree without recursion: pages may be nested as deep as they like."""
        waiting: list[_Waiting] = [(root, first, None)]
        while waiting:
            node, above, link = waiting.pop()
            if node is None:
                self.end_line()
                continue
            self._nodes += 1
            if self._nodes > _MOST_NODES:
                self.cut_short = True
                return
            if node.is_text_node:
                self._text(node.text_content or "", above, link)
            elif node.is_comment_node:
                self.comments.append(node.comment_content or "")
            elif node.is_element_node:
                self._element(node, above, link, waiting)

    def end_line(self) -> None:
        """What follows stands in another block."""
        if any(piece.text.strip() for piece in self._pieces):
            self.lines.append(Line(tuple(self._pieces)))
        self._pieces = []

    def _text(self, text: str, seen: Look, link: str | None) -> None:
        squeezed = _BLANKS.sub(" ", text)
        if squeezed:
            self._pieces.append(Piece(squeezed, link, seen.reason))

    def _element(
        self,
        node: LexborNode,
        above: Look,
        link: str | None,
        waiting: list[_Waiting],
    ) -> None:
        tag = (node.tag or "").lower()
        attributes = node.attributes
        if tag == "script":
            self._script(node)
            return
        if tag in ("iframe", "frame"):
            self.frames.append(_joined(self.url, attributes.get("src") or ""))
            return
        if tag in ("img", "input"):
            self._picture(node)
            return
        if tag in _SILENT:
            return
        here = look(above, own_style(node, self.sheet))
        if tag in _NEVER_SHOWN:
            here = Look(hidden=Hidden.NOT_SHOWN)
        if tag == "a":
            target = (attributes.get("href") or "").strip()
            leads = target and not target.startswith("#")
            link = _joined(self.url, target) if leads else None
        if tag in _BLOCKS:
            self.end_line()
            waiting.append((None, here, None))
        waiting.extend((child, here, link) for child in reversed(_children(node)))

    def _script(self, node: LexborNode) -> None:
        kind = (node.attributes.get("type") or "").lower()
        if kind in ("", "module", "text/javascript", "application/javascript"):
            self.runs_scripts = True
        self.scripts.append(node.text())

    def _picture(self, node: LexborNode) -> None:
        attributes = node.attributes
        name = urlsplit(attributes.get("src") or "").path.rpartition("/")[2]
        called = (attributes.get("alt"), attributes.get("title"), name)
        self.pictures.extend(one for one in called if one)


def _children(node: LexborNode) -> list[LexborNode]:
    found = []
    child = node.first_child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _base(parser: LexborHTMLParser, url: str) -> str:
    """What relative links are read from: the page's own address, or what it says instead."""
    base = parser.css_first("base[href]")
    return url if base is None else _joined(url, base.attributes.get("href") or "")


def _first_look(parser: LexborHTMLParser) -> Look:
    """Black on white; what sheets in files of their own make of it is not known."""
    return Look(behind=None) if parser.css_first("link[rel~=stylesheet]") else Look()


def _better(content: bytes, claimed: str, text: str) -> str | None:
    """The text in another charset, if the bytes are plainly in that."""
    letters = sum(not one.isascii() for one in text)
    if not letters or claimed.startswith("utf-16"):
        return None
    try:
        if claimed != "utf-8":
            return content.decode("utf-8")
        if text.count("\ufffd") / letters > _GARBLED:
            return content.decode("gb18030")
    except UnicodeDecodeError:
        pass
    return None


def _marked_charset(content: bytes) -> str | None:
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16le" if content[:1] == b"\xff" else "utf-16be"
    return None


def _own_charset(content: bytes) -> str | None:
    found = _META_CHARSET.search(content[:4096])
    return None if found is None else found.group(1).decode("ascii")
