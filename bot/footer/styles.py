"""How a page's own styles keep text from sight, as far as its markup alone can tell."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from tinycss2.color4 import parse_color

from filing.page import Hidden

Declarations = Mapping[str, str]
"""Property to value, both in lower case."""

_LOOKED_AT: Final = frozenset(
    {
        "display", "visibility", "opacity", "font-size", "font", "text-indent", "position", "left",
        "top", "right", "bottom", "margin-left", "margin-top", "color", "background",
        "background-color", "background-image", "height", "max-height", "width", "max-width",
        "overflow", "clip", "clip-path", "transform",
    }
)  # fmt: skip
_LONGEST_SHEET: Final = 300_000  # characters of all sheets together that are looked at
_MOST_RULES: Final = 3_000
_MOST_WORK: Final = 20_000_000  # elements times rules
_COSTLY: Final = re.compile(r":(?:nth-|has\(|.*of-type|last-child|only-child)|~(?!=)")
# Selectors that search among all siblings or descendants; none of them is how pages hide text.
_SMALLEST: Final = 3.0  # px; smaller letters are no letters
_FAR: Final = 500.0  # px to the left of the window or above it
_FARTHEST: Final = 5_000.0  # px to the right of it or below
_NEAR: Final = 0.04  # two colours as near as that look the same
_FAINT: Final = 0.05  # an opacity that leaves nothing to see
_PIXELS: Final = {"px": 1.0, "pt": 4 / 3, "rem": 16.0, "em": 16.0, "vw": 12.8, "vh": 8.0, "%": 12.8}
_FONT_SIZE: Final = re.compile(r"(?:^|\s)(\d*\.?\d+(?:px|pt|r?em|%)?)(?=/|\s)")
_MOVED: Final = re.compile(r"translate(?:x|y|3d)?\((-?[\d.]+[a-z%]*)(?:,(-?[\d.]+[a-z%]*))?")

Colour: TypeAlias = tuple[float, float, float]
_Weight: TypeAlias = tuple[bool, int, int, int, int, int]
"""Importance, whether in the element itself, ids, classes, names, order."""

_LIGHTEST: Final[_Weight] = (False, -1, 0, 0, 0, 0)
_ATTRIBUTES: Final = (("color", "color"), ("text", "color"), ("bgcolor", "background-color"))


@dataclass(frozen=True, slots=True)
class Look:
    """What a text inherits from what it stands in. ``behind`` is None where a picture may lie."""

    hidden: Hidden | None = None
    visible: bool = True
    size: float = 16.0
    colour: Colour = (0.0, 0.0, 0.0)
    behind: Colour | None = (1.0, 1.0, 1.0)

    @property
    def reason(self) -> Hidden | None:
        """Why a text that looks like this cannot be seen."""
        if self.hidden is not None:
            return self.hidden
        if not self.visible:
            return Hidden.INVISIBLE
        if self.size < _SMALLEST:
            return Hidden.TINY
        if self.behind is not None and _alike(self.colour, self.behind):
            return Hidden.SAME_COLOUR
        return None


@dataclass(slots=True)
class Said:
    """One declaration and its weight in the cascade."""

    value: str
    weight: _Weight


def styled(parser: LexborHTMLParser) -> Mapping[int, Mapping[str, Said]]:
    """What the page's style sheets say of its elements, by the element's ``mem_id``."""
    found: dict[int, dict[str, Said]] = {}
    sheets = "\n".join(node.text() for node in parser.css("style"))[:_LONGEST_SHEET]
    rules = tinycss2.parse_stylesheet(sheets, skip_comments=True, skip_whitespace=True)
    elements = len(parser.css("*"))
    for order, rule in enumerate(_rules(rules)):
        if order == min(_MOST_RULES, _MOST_WORK // (elements + 1)):
            break
        said = _declared(tinycss2.parse_blocks_contents(rule.content))
        if not said:
            continue
        for selector in _selectors(rule.prelude):
            strength = specificity(selector)
            for node in _selected(parser, tinycss2.serialize(selector)):
                known = found.setdefault(node.mem_id, {})
                for name, (value, important) in said.items():
                    _say(known, name, value, (important, 0, *strength, order))
    return found


def _rules(rules: Iterable[Any]) -> Iterator[Any]:
    """Style rules in force on a screen, those within ``@media`` included."""
    for rule in rules:
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content:
            medium = tinycss2.serialize(rule.prelude).strip().lower()
            if medium in ("screen", "all", "only screen"):
                yield from _rules(
                    tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                )


def _selectors(prelude: Sequence[Any]) -> Iterator[Sequence[Any]]:
    one: list[Any] = []
    for token in (*prelude, None):
        if token is None or token == ",":
            if any(part.type != "whitespace" for part in one):
                yield one
            one = []
        else:
            one.append(token)


def specificity(selector: Sequence[Any]) -> tuple[int, int, int]:
    """How closely a selector points: ids, classes, element names. Source: CSS Selectors 4, §16."""
    ids = classes = names = 0
    before = ""
    for token in selector:
        if token.type == "hash":
            ids += 1
        elif token.type == "[] block" or (token.type == "ident" and before in (".", ":")):
            classes += 1
        elif token.type == "ident":
            names += 1
        before = token.value if token.type == "literal" else ""
    return ids, classes, names


def _say(known: dict[str, Said], name: str, value: str, weight: _Weight) -> None:
    """Let the weightier declaration stand."""
    if name not in known or known[name].weight <= weight:
        known[name] = Said(value, weight)


def own_style(node: LexborNode, sheet: Mapping[int, Mapping[str, Said]]) -> Declarations:
    """All that is said of one element: attributes first, then sheets, then its ``style``."""
    attributes = node.attributes
    said: dict[str, Said] = {}
    for attribute, name in _ATTRIBUTES:
        if value := attributes.get(attribute):
            said[name] = Said(value.lower(), _LIGHTEST)
    if "hidden" in attributes:
        said["display"] = Said("none", _LIGHTEST)
    for name, one in sheet.get(node.mem_id, {}).items():
        _say(said, name, one.value, one.weight)
    if style := attributes.get("style"):
        own = _declared(tinycss2.parse_blocks_contents(style))
        for name, (value, important) in own.items():
            _say(said, name, value, (important, 1, 0, 0, 0, 0))
    return {name: one.value for name, one in said.items()}


def look(above: Look, style: Declarations) -> Look:
    """How text in an element looks, from where the element stands and its own style."""
    if not style:
        return above
    return replace(
        above,
        hidden=above.hidden or _gone(style),
        visible=_visible(style.get("visibility"), above.visible),
        size=_size(style, above.size),
        colour=_colour(style.get("color")) or above.colour,
        behind=_behind(style, above.behind),
    )


def _selected(parser: LexborHTMLParser, selector: str) -> Iterable[LexborNode]:
    if _COSTLY.search(selector):
        return ()
    try:
        return parser.css(selector.strip())
    except (SelectolaxError, ValueError):  # a selector it does not know selects nothing
        return ()


def _declared(nodes: Iterable[Any]) -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    for node in nodes:
        if node.type == "declaration" and node.lower_name in _LOOKED_AT:
            if node.lower_name in found and found[node.lower_name][1] and not node.important:
                continue
            value = tinycss2.serialize(node.value).strip().lower()
            found[node.lower_name] = (value, node.important)
    return found


def _gone(style: Declarations) -> Hidden | None:
    if style.get("display") == "none":
        return Hidden.NOT_SHOWN
    opacity = style.get("opacity", "")
    shown = _number(opacity.rstrip("%"))
    if shown is not None and shown / (100 if opacity.endswith("%") else 1) < _FAINT:
        return Hidden.INVISIBLE
    colour = parse_color(style["color"]) if "color" in style else None
    if colour is not None and not isinstance(colour, str) and colour.alpha < _FAINT:
        return Hidden.INVISIBLE
    if any(pixels < -_FAR or pixels > _FARTHEST for pixels in _moves(style)):
        return Hidden.OFF_SCREEN
    placed = style.get("position") in ("absolute", "fixed")
    if placed and _squeezed(style, "clip") in (
        "rect(0,0,0,0)",
        "rect(0000)",
        "rect(0px,0px,0px,0px)",
    ):
        return Hidden.OFF_SCREEN
    if _squeezed(style, "clip-path") in ("inset(50%)", "inset(100%)", "circle(0)", "circle(0px)"):
        return Hidden.OFF_SCREEN
    if style.get("overflow") == "hidden":
        sides = [
            _pixels(style.get(name)) for name in ("height", "max-height", "width", "max-width")
        ]
        if any(pixels is not None and pixels <= 1 for pixels in sides):
            return Hidden.TINY
    if _squeezed(style, "transform") in ("scale(0)", "scale(0,0)", "scalex(0)", "scaley(0)"):
        return Hidden.TINY
    return None


def _moves(style: Declarations) -> Iterator[float]:
    """How far text is moved, in pixels; a side it is moved from counts the other way round."""
    places = ["text-indent", "margin-left", "margin-top"]
    if style.get("position") in ("absolute", "fixed", "relative"):
        places += ["left", "top", "right", "bottom"]
    moved = [_pixels(style.get(name)) for name in places]
    if found := _MOVED.search(_squeezed(style, "transform")):
        moved += [_pixels(found[1]), _pixels(found[2])]
    yield from (pixels for pixels in moved if pixels is not None)


def _squeezed(style: Declarations, name: str) -> str:
    return "".join(style.get(name, "").split())


def _visible(said: str | None, above: bool) -> bool:
    if said in ("hidden", "collapse"):
        return False
    return True if said == "visible" else above


def _size(style: Declarations, above: float) -> float:
    said = style.get("font-size")
    if said is None and (found := _FONT_SIZE.search(style.get("font", ""))):
        said = found[1]
    if said is None:
        return above
    if said.endswith("em") and not said.endswith("rem"):
        times = _number(said[:-2])
        return above if times is None else above * times
    if said.endswith("%"):
        percent = _number(said[:-1])
        return above if percent is None else above * percent / 100
    pixels = _pixels(said)
    return above if pixels is None else pixels


def _behind(style: Declarations, above: Colour | None) -> Colour | None:
    picture = style.get("background-image", "none")
    said = style.get("background-color") or style.get("background")
    if "url(" in f"{said} {picture}" or "gradient" in f"{said} {picture}":
        return None
    if said is None:
        return above
    for word in (said, *said.split()):
        if (colour := _colour(word)) is not None:
            return colour
    return above


def _colour(said: str | None) -> Colour | None:
    """Red, green and blue from 0 to 1; None for what is no colour, or one to be seen through."""
    colour = parse_color(said) if said else None
    if colour is None or isinstance(colour, str) or colour.alpha < 0.5:
        return None
    if colour.space != "srgb":
        try:
            colour = colour.to("srgb")
        except NotImplementedError:
            return None
    red, green, blue = (float(part or 0) for part in colour.coordinates)
    return red, green, blue


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) < _NEAR for a, b in zip(one, other, strict=True))


def _pixels(said: str | None) -> float | None:
    if not said:
        return None
    for unit, pixels in _PIXELS.items():
        if said.endswith(unit):
            number = _number(said[: -len(unit)])
            return None if number is None else number * pixels
    return _number(said)


def _number(said: str | None) -> float | None:
    try:
        return float(said) if said else None
    except ValueError:
        return None
