"""A sheet to draw on in SVG: shapes and words, escaped, sized, and named for whoever listens."""

from dataclasses import dataclass, field
from typing import Final, Literal
from unicodedata import east_asian_width

from markupsafe import Markup, escape

Anchor = Literal["start", "middle", "end"]

WIDE: Final = 760
NARROW: Final = 344
"""Widths in units: on a desk's screen and in print, and on a phone. Drawn, not scaled."""

SIZE: Final = 13
SMALL: Final = 11.5
"""Heights of letters in units."""

_LATIN: Final = 0.6
_NARROW_LETTERS: Final = frozenset(".,:;'|ilj· ")
_WIDE_LETTERS: Final = frozenset("%mwMW—")


def words_width(words: str, size: float = SIZE) -> float:
    """About how wide a line of text is, in units: a Chinese character is as wide as it is high."""
    return size * sum(_letter_width(letter) for letter in words)


def _letter_width(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return 1.0
    if letter in _WIDE_LETTERS:
        return 0.95
    return 0.34 if letter in _NARROW_LETTERS else _LATIN


def fitted(words: str, room: float, size: float = SIZE) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if words_width(words, size) <= room:
        return words
    while words and words_width(words, size) + size > room:
        words = words[:-1]
    return f"{words.rstrip()}…"


@dataclass(slots=True)
class Sheet:
    """A drawing under way. ``name`` is unique in its page: patterns and titles are found by it."""

    name: str
    width: float
    height: float
    parts: list[Markup] = field(default_factory=list)

    def rect(
        self, x: float, y: float, width: float, height: float, kind: str, *, round_: float = 0
    ) -> None:
        """A box; nothing if it has no size."""
        if width <= 0 or height <= 0:
            return
        corner = Markup(' rx="{}"').format(_number(round_)) if round_ else Markup("")
        self.parts.append(
            Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"{}/>').format(
                kind, _number(x), _number(y), _number(width), _number(height), corner
            )
        )

    def hatched(self, x: float, y: float, width: float, height: float, pattern: str) -> None:
        """A box filled with one of the patterns of :meth:`finish`, over whatever lies there."""
        if width <= 0 or height <= 0:
            return
        self.parts.append(
            Markup('<rect fill="url(#{}-{})" x="{}" y="{}" width="{}" height="{}"/>').format(
                self.name, pattern, _number(x), _number(y), _number(width), _number(height)
            )
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """A straight line."""
        self.parts.append(
            Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
                kind, _number(x1), _number(y1), _number(x2), _number(y2)
            )
        )

    def path(self, d: str, kind: str) -> None:
        """A path; ``d`` is made of numbers alone."""
        self.parts.append(Markup('<path class="{}" d="{}"/>').format(kind, d))

    def dot(self, x: float, y: float, radius: float, kind: str) -> None:
        """A filled circle."""
        self.parts.append(
            Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(
                kind, _number(x), _number(y), _number(radius)
            )
        )

    def words(
        self,
        x: float,
        y: float,
        words: str,
        kind: str = "c-ink",
        *,
        anchor: Anchor = "start",
        size: float = SIZE,
        whole: str | None = None,
    ) -> None:
        """A line of text with its base line at ``y``; ``whole`` is what a shortened one says."""
        hint = Markup("<title>{}</title>").format(whole) if whole not in (None, words) else ""
        self.parts.append(
            Markup(
                '<text class="{}" x="{}" y="{}" text-anchor="{}" font-size="{}">{}{}</text>'
            ).format(kind, _number(x), _number(y), anchor, _number(size), hint, words)
        )

    def finish(self, title: str, summary: str) -> Markup:
        """The whole SVG. ``summary`` says in a sentence what the picture shows."""
        label = Markup("{0}-title {0}-desc").format(self.name)
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
            'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'aria-labelledby="{label}"><title id="{name}-title">{title}</title>'
            '<desc id="{name}-desc">{summary}</desc>{patterns}{parts}</svg>'
        ).format(
            width=_number(self.width),
            height=_number(self.height),
            label=label,
            name=self.name,
            title=title,
            summary=summary,
            patterns=_patterns(self.name),
            parts=Markup("").join(self.parts),
        )


def _patterns(name: str) -> Markup:
    """Stripes one way, stripes both ways and dots: told apart without colours."""
    return Markup(
        '<defs><pattern id="{0}-stripes" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="c-stroke" x1="0" y1="0" x2="0" y2="5"/>'
        '</pattern><pattern id="{0}-cross" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="c-stroke" d="M0 0V5M0 0H5"/></pattern>'
        '<pattern id="{0}-dots" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<circle class="c-speck" cx="1.5" cy="1.5" r="0.9"/></pattern></defs>'
    ).format(escape(name))


def _number(value: float) -> str:
    """A number as short as it may be: no float noise in the page."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
