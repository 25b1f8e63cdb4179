"""Which templates of the account tell which reminder: the operator's file, checked when read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from dialogs.message import Notice
from knowledge.deadlines import load_deadlines
from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import TomlFile, read_toml

_FILE: Final = "notice_templates.toml"
_NAME: Final = f"wechat/{_FILE}"
_CHINA: Final = timezone(timedelta(hours=8))
_ID: Final = re.compile(r"[A-Za-z0-9_-]{20,64}")
_FIELD: Final = re.compile(r"([a-z_]+?)\d{1,3}")

DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class FieldKind:
    """What a kind of field takes, as WeChat's parameter rules say (订阅通知参数值内容限制)."""

    longest: int  # characters
    takes: frozenset[str]


_WORDS: Final = frozenset({"title", "filing", "left", "next_step", "others"})
FIELD_KINDS: Final[Mapping[str, FieldKind]] = {
    "thing": FieldKind(20, _WORDS),
    "short_thing": FieldKind(5, frozenset({"left", "filing"})),
    "character_string": FieldKind(32, frozenset({"filing"})),
    "time": FieldKind(20, frozenset({"due"})),
    "date": FieldKind(20, frozenset({"due"})),
    "const": FieldKind(20, frozenset({"title", "left"})),
}

_VALUES: Final[Mapping[str, Callable[[Notice], str]]] = {
    "title": lambda notice: notice.title,
    "filing": lambda notice: notice.filing,
    "left": lambda notice: notice.left,
    "next_step": lambda notice: notice.next_step,
    "others": lambda notice: str(notice.others),
    "due": lambda notice: f"{notice.due_at.astimezone(_CHINA):%Y-%m-%d %H:%M}",
}


@dataclass(frozen=True, slots=True)
class Template:
    """One template of the account, with what stands in each of its fields."""

    id: str
    fields: Mapping[str, str]

    def filled(self, notice: Notice) -> dict[str, str]:
        """The values as WeChat takes them: none too long, none empty."""
        found: dict[str, str] = {}
        for name, what in self.fields.items():
            value = _VALUES[what](notice)
            longest = FIELD_KINDS[_kind_of(name)].longest
            found[name] = value if len(value) <= longest else value[: longest - 1] + "…"
        return found


@dataclass(frozen=True, slots=True)
class NoticeTemplates:
    """All templates by kind of deadline. None are there where the operator has set none up."""

    follow: Mapping[str, Template] = field(default_factory=dict)
    once: Mapping[str, Template] = field(default_factory=dict)
    consent_url: str = ""  # the operator's own page to consent on; without one there is ours

    def to_follower(self, kind: str) -> Template | None:
        """What tells a kind of deadline to whoever follows the account."""
        return self.follow.get(kind) or self.follow.get(DEFAULT)

    def once_for(self, kind: str) -> tuple[Template, ...]:
        """What tells it to somebody who consented, the best first."""
        own, other = self.once.get(kind), self.once.get(DEFAULT)
        found = (own, other if other is not own else None)
        return tuple(one for one in found if one is not None)

    @property
    def ids_of_once(self) -> frozenset[str]:
        """The templates people consent to."""
        return frozenset(one.id for one in self.once.values())


def load_notice_templates(content: Path | None = None) -> NoticeTemplates:
    """The operator's file ``wechat/notice_templates.toml``. Raises BrokenContent."""
    own = content / "wechat" / _FILE if content is not None else None
    place = own if own is not None and own.is_file() else files("bot.wechat") / _FILE
    file = read_toml(place, _NAME)
    problems: list[Problem] = []
    known = frozenset(load_deadlines()) | {DEFAULT}
    for name in file.data.keys() - {"follow", "once", "consent_url"}:
        problems.append(_problem(file, name, "is not known", "use follow, once or consent_url"))
    url = file.data.get("consent_url", "")
    if not isinstance(url, str) or (url and not url.startswith("https://")):
        problems.append(_problem(file, "consent_url", "is no address", "begin it with https://"))
    read = {name: _templates(file, name, known, problems) for name in ("follow", "once")}
    if problems:
        raise BrokenContent(problems)
    return NoticeTemplates(read["follow"], read["once"], url)


def _templates(
    file: TomlFile, table: str, known: frozenset[str], problems: list[Problem]
) -> Mapping[str, Template]:
    found: dict[str, Template] = {}
    given = file.data.get(table, {})
    for kind, one in given.items() if isinstance(given, dict) else ():
        place = f"{table}.{kind}"
        if kind not in known:
            problems.append(
                _problem(file, place, "is no kind of deadline", f"use one of {_list(known)}")
            )
        elif (template := _template(file, place, one, problems)) is not None:
            found[kind] = template
    return found


def _template(file: TomlFile, place: str, one: Any, problems: list[Problem]) -> Template | None:
    if not isinstance(one, dict) or set(one) != {"id", "fields"}:
        problems.append(_problem(file, place, "is incomplete", "give it 'id' and 'fields'"))
        return None
    template_id, fields = one["id"], one["fields"]
    before = len(problems)
    if not isinstance(template_id, str) or not _ID.fullmatch(template_id):
        cure = "copy the template's id from mp.weixin.qq.com"
        problems.append(_problem(file, place, "has an 'id' that cannot be one", cure))
    if not isinstance(fields, dict) or not fields:
        problems.append(_problem(file, place, "has no 'fields'", "name the template's fields"))
        fields = {}
    for name, what in fields.items():
        kind = FIELD_KINDS.get(_kind_of(name))
        if kind is None:
            cure = f"fields are {_list(FIELD_KINDS)} with a number, as in thing1"
            problems.append(_problem(file, place, f"has a field {name!r} nobody can fill", cure))
        elif what not in kind.takes:
            cure = f"it can hold {_list(kind.takes)}"
            problems.append(_problem(file, place, f"has {what!r} in {name!r}", cure))
    return Template(template_id, fields) if len(problems) == before else None


def _kind_of(name: str) -> str:
    found = _FIELD.fullmatch(name)
    return found[1] if found is not None else ""


def _problem(file: TomlFile, place: str, message: str, cure: str) -> Problem:
    line = file.line_of(place) or file.line_of_entry(place)
    return Problem(_NAME, line, f"{place} {message}", cure)


def _list(names: Any) -> str:
    return ", ".join(sorted(names))
