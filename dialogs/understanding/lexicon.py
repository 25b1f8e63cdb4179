"""Reads the lexicon files: every word and pattern by which applicants are understood."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from dialogs.understanding.tables import table_of
from dialogs.understanding.understood import Intent
from dialogs.understanding.words import (
    Corrections,
    Lexicon,
    Phrases,
    Questions,
    Saying,
    Statement,
    Word,
    squeezed,
)

LOCALES = ("zh-CN", "en")
"""Read together: people mix languages within a sentence."""


@cache
def lexicon() -> Lexicon:
    """The lexicon of all locales; read once."""
    tables = [table_of(name) for name in LOCALES]
    return Lexicon(
        typos=tables[0]["typos"],
        particles=re.compile(_either(_all(tables, "fillers", "particles"))),
        leading=_some(_all(tables, "fillers", "leading"), bounded=True, edge="^{}"),
        trailing=_some(_all(tables, "fillers", "trailing"), bounded=True, edge="{}$"),
        commands=_phrases(tables, "commands"),
        acts=_phrases(tables, "acts"),
        verdicts=_phrases(tables, "verdicts"),
        smalltalk=_smalltalk(tables),
        none_at_all=tables[0]["refusal"]["none_at_all"],
        not_known=tables[0]["refusal"]["not_known"],
        lacking=_either(_all(tables, "refusal", "lack")),
        declining=_either(_all(tables, "refusal", "decline")),
        questions=_questions(tables),
        corrections=_corrections(tables),
        statements=_statements(tables),
        words=_words(tables),
        role_steps=_merged(tables, "role_steps"),
        value_steps=tables[0].get("value_steps", {}),
        connector=_connector(tables),
        copulas=_whole(_all(tables, "connectors", "copulas"), r"(?:[\s:=\-]|{}){0,4}"),
        copula=_whole(_all(tables, "connectors", "copulas"), r"\s*{}"),
        role_names=_role_names(tables),
        sameness=re.compile(_either(_all(tables, "sameness", "like"))),
        same_use=re.compile(_either(_all(tables, "sameness", "use"))),
        above=re.compile(_either(_all(tables, "sameness", "above"))),
        persons=frozenset(_all(tables, "sameness", "persons")),
        called=tables[0]["sameness"]["called"],
        volunteered=tuple(_all(tables, "volunteered")),
        open_front=_whole(_all(tables, "prefaces", "front"), r"\s*{}\s*[:,]?\s*"),
        name_front=_whole(_all(tables, "prefaces", "name_front"), r"\s*{}\s*[:,]?\s*"),
        person_front=_whole(_all(tables, "prefaces", "person_front"), r"\s*{}\s*[:,]?\s*"),
        address_front=_whole(_all(tables, "prefaces", "address_front"), r"\s*{}\s*[:,]?\s*"),
        open_back=_whole(_all(tables, "prefaces", "back"), r"[\s,]*{}[\s.!~,]*$"),
        choice_front=_whole(_all(tables, "readback", "choice_front"), r"\s*{}\s*"),
        choice_back=_whole(_all(tables, "readback", "choice_back"), r"\s*{}\s*$"),
        edge=_edge(tables),
        says_what_one_is=_whole(_all(tables, "readback", "says_what_one_is"), r"\s*{}"),
        no_person=re.compile(_either(_all(tables, "no_name", "person"))),
        no_body=re.compile(_either(_all(tables, "no_name", "body"))),
        body_end=re.compile(_either(_all(tables, "no_name", "body_end"))),
        surnames=_surnames(),
    )


def _surnames() -> frozenset[str]:
    source = files("dialogs.understanding") / "lexicon" / "surnames.txt"
    lines = source.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(lines[0]) | frozenset(lines[1].split())


def _all(tables: Iterable[Mapping[str, Any]], *path: str) -> list[str]:
    found: list[str] = []
    for table in tables:
        node: Any = table
        for key in path:
            node = node.get(key, {})
        found.extend(node or ())
    return found


def _merged(tables: Iterable[Mapping[str, Any]], key: str) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for table in tables:
        for name, steps in table.get(key, {}).items():
            merged.setdefault(name, {}).update(steps)
    return merged


def _either(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(patterns) + ")"


def _whole(patterns: Iterable[str], frame: str) -> re.Pattern[str]:
    return re.compile(frame.replace("{}", _either(patterns)))


def _some(words: Iterable[str], *, bounded: bool = False, edge: str = "{}") -> re.Pattern[str]:
    """Any one of the words, longest first; Latin ones only as whole words."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        escaped = re.escape(word)
        edged = bounded and word.isascii()
        parts.append(rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if edged else escaped)
    return re.compile(edge.replace("{}", f"(?:{'|'.join(parts)})"))


def _phrases(tables: Iterable[Mapping[str, Any]], group: str) -> Phrases:
    say: dict[str, Saying] = {}
    like: dict[Saying, list[str]] = {}
    within: dict[Saying, list[str]] = {}
    emoji: dict[str, Saying] = {}
    for table in tables:
        for name, entry in table.get(group, {}).items():
            saying = Saying(Intent(name))
            say.update((squeezed(word), saying) for word in entry.get("say", ()))
            like.setdefault(saying, []).extend(entry.get("like", ()))
            within.setdefault(saying, []).extend(entry.get("within", ()))
            emoji.update((sign, saying) for sign in entry.get("emoji", ()))
            for detail, words in entry.get("details", {}).items():
                detailed = Saying(saying.intent, detail)
                say.update((squeezed(word), detailed) for word in words)
    return Phrases(say, *_compiled(like), _sought(within), emoji)


def _smalltalk(tables: Iterable[Mapping[str, Any]]) -> Phrases:
    say: dict[str, Saying] = {}
    like: dict[Saying, list[str]] = {}
    emoji: dict[str, Saying] = {}
    for table in tables:
        for kind, words in table.get("smalltalk", {}).items():
            saying = Saying(Intent.SMALLTALK, kind)
            say.update((squeezed(word), saying) for word in words)
        for kind, patterns in table.get("smalltalk_like", {}).items():
            if kind == "emoji":
                emoji.update((sign, Saying(Intent.SMALLTALK, "other")) for sign in patterns)
            else:
                like.setdefault(Saying(Intent.SMALLTALK, kind), []).extend(patterns)
    return Phrases(say, *_compiled(like), (), emoji)


def _compiled(like: Mapping[Saying, list[str]]) -> tuple[re.Pattern[str], dict[str, Saying]]:
    # Patterns see the words without blanks, so the blanks written in them go too.
    liked = {f"s{place}": saying for place, saying in enumerate(like) if like[saying]}
    groups = [
        f"(?P<{name}>{_either(like[saying])})".replace(" ", "") for name, saying in liked.items()
    ]
    return re.compile("|".join(groups) or r"(?!)"), liked


def _sought(within: Mapping[Saying, list[str]]) -> tuple[tuple[Saying, re.Pattern[str]], ...]:
    return tuple((saying, _some(words, bounded=True)) for saying, words in within.items() if words)


def _questions(tables: list[Mapping[str, Any]]) -> Questions:
    starting = _either(_all(tables, "questions", "starting"))
    return Questions(
        ending=_whole(_all(tables, "questions", "ending"), r"{}\W?$"),
        never=re.compile(_either(_all(tables, "questions", "never"))),
        starting=re.compile(rf"\W*(?:{starting})(?![a-z])"),
        anywhere=re.compile(_either(_all(tables, "questions", "anywhere"))),
        tags=re.compile(_either(_all(tables, "questions", "tags")).replace(" ", r"\s*")),
        topics=_some(_all(tables, "questions", "topics"), bounded=True),
    )


def _corrections(tables: list[Mapping[str, Any]]) -> Corrections:
    cues = [
        *_all(tables, "corrections", "slips"),
        *_all(tables, "corrections", "rather"),
        *_all(tables, "corrections", "wishes"),
        *_all(tables[:1], "corrections", "change"),
    ]
    before, after = _all(tables, "negation", "before"), _all(tables, "negation", "after")
    return Corrections(
        cues=re.compile(_either(cues)),
        before=re.compile(_either(_all(tables, "corrections", "before"))),
        denied_before=re.compile(_either(before) + r"[\s:,]*$"),
        denial=re.compile(r"\s*" + _either(before) + r"\s*"),
        denied=re.compile(_either(_all(tables, "negation", "anywhere"))),
        denied_after=re.compile(r"\s*" + _either(after)),
        instead=_whole(_all(tables, "negation", "instead"), r"[\s,.]*{}\s*"),
    )


def _statements(tables: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Statement, ...]]:
    found: dict[str, list[Statement]] = {}
    for table in tables:
        for entry in table.get("statements", ()):
            pattern = re.compile(_either(entry["like"]).replace(" ", ""))
            statement = Statement(entry["step"], entry["value"], pattern)
            found.setdefault(entry["step"] if entry.get("open") else "", []).append(statement)
    return {step: tuple(statements) for step, statements in found.items()}


def _words(tables: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Word, ...]]:
    found: dict[str, Word] = {}
    for table in tables:
        weak = frozenset(table.get("weak_words", ()))
        generic = frozenset(table.get("generic_words", ()))
        for role, entry in table.get("roles", {}).items():
            for word in entry["words"]:
                found[word] = Word(word, entry["step"], role, names_a_person=True)
            for word in entry.get("names", ()):
                is_generic = word in generic
                found[word] = Word(word, entry["step"], None, False, is_generic, True)
        for step, words in table.get("steps", {}).items():
            for word in words:
                role = _role_of(word, table.get("roles", {}))
                found.setdefault(word, Word(word, step, role, word in weak, word in generic))
    by_first: dict[str, list[Word]] = {}
    for word in sorted(found.values(), key=lambda one: -len(one.text)):
        by_first.setdefault(word.text[0], []).append(word)
    return {first: tuple(words) for first, words in by_first.items()}


def _role_of(word: str, roles: Mapping[str, Any]) -> str | None:
    """The role spelt out at the beginning of a step's word: 法人手机 is the principal's."""
    for role, entry in roles.items():
        if any(word.startswith(one) for one in entry.get("explicit", ())):
            return role
    return None


def _role_names(tables: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    entries = [entry for table in tables for entry in table.get("roles", {}).values()]
    return tuple(dict.fromkeys(entry["step"] for entry in entries if "names" in entry))


def _connector(tables: list[Mapping[str, Any]]) -> re.Pattern[str]:
    words = [
        rf"(?:{word})(?![a-z])" if word.isascii() else word
        for word in _all(tables, "connectors", "words")
    ]
    return re.compile(rf"(?:[\s:=\-]|->|{_either(words)}){{0,8}}")


def _edge(tables: list[Mapping[str, Any]]) -> re.Pattern[str]:
    before = _either(_all(tables, "edges", "before"))
    between = _either(_all(tables, "edges", "between"))
    return re.compile(rf"(?:^|[\s,，;；。.!！?？:、(（]|{before})\s*(?:{between}\s*)*$")
