"""One access provider (接入商): its console, review times, limits, letters and how to reach it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from filing.provinces import province_named
from filing.rulebook import LegalSource
from filing.service_hours import ServiceHours
from knowledge.errors import BrokenContent, Problem
from knowledge.service_hours_reader import read_service_hours
from knowledge.toml_file import read_toml
from knowledge.toml_reader import LOCALES, TableReader, read_sources

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")
_ADDRESS: Final = re.compile(r"https://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w./?&=%#~+-]*)?")
_GROUPS: Final = ("review", "account", "resources", "pictures", "coverage")


@dataclass(frozen=True, slots=True)
class Letter:
    """授权书、承诺书等: a document the provider has a template for."""

    key: str
    title: Mapping[str, str]  # by locale, as all texts here
    when: Mapping[str, str]
    signed_by: Mapping[str, str]
    source: LegalSource


@dataclass(frozen=True, slots=True)
class ProviderProfile:
    """What belongs to one cloud and changes when another profile is chosen.

    Texts are mappings from locale to text; :meth:`say` picks one.
    """

    name: str  # of the file: qingcloud
    full_names: Mapping[str, str]
    short_names: Mapping[str, str]
    console: Mapping[str, Mapping[str, str]]  # by the keys of _CONSOLE
    help: Mapping[str, Mapping[str, str]]  # contact, unavailable_province, account
    first_review_working_days: tuple[int, int]
    second_review_working_days: tuple[int, int]
    subjects_per_account: int
    websites_per_subject: int
    ips_per_website: int
    websites_per_ip: int
    resource_months_bought_min: int
    resource_months_left_min: int
    unpaid_ip_kept_days: int
    billing: tuple[str, ...]  # ways of paying that count, as the console calls them
    picture_formats: tuple[str, ...]
    picture_max_megabytes: int
    unavailable_provinces: tuple[str, ...]  # short names
    letters: tuple[Letter, ...]
    service_hours: ServiceHours
    face_check_page: (
        str | None
    )  # https address at which the authenticity check begins, if it has one
    sources: Mapping[str, LegalSource]  # what each group of facts rests on
    # Days after the end by group of answers, where fewer than privacy/keeping.toml says.
    keeping_days: Mapping[str, int] = field(default_factory=dict)

    def short_name(self, locale: str = "zh-CN") -> str:
        """The name used in running text."""
        return say(self.short_names, locale)

    def full_name(self, locale: str = "zh-CN") -> str:
        """The name with nothing left out."""
        return say(self.full_names, locale)

    def console_text(self, what: str, locale: str = "zh-CN") -> str:
        """Where in the console something is found or done."""
        return say(self.console[what], locale)

    def help_text(self, what: str, locale: str = "zh-CN") -> str:
        """How to be helped by people."""
        return say(self.help[what], locale)


def say(texts: Mapping[str, str], locale: str) -> str:
    """A text in the locale asked for, else in Chinese."""
    return texts.get(locale) or texts[LOCALES[0]]


def provider_names(extra_dir: Path | None = None) -> tuple[str, ...]:
    """The profiles that can be chosen, in alphabetical order."""
    folders = _folders(extra_dir)
    stems = (
        file.name.removesuffix(".toml")
        for folder in folders
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    )
    return tuple(sorted(set(stems)))


def load_provider(name: str, extra_dir: Path | None = None) -> ProviderProfile:
    """Read ``providers/<name>.toml``, an operator's own folder first.

    Raises BrokenContent with every problem, or naming the profiles there are.
    """
    for folder in _folders(extra_dir):
        path = folder / f"{name}.toml"
        if _NAME.fullmatch(name) and path.is_file():
            return _read(path, name)
    known = ", ".join(provider_names(extra_dir))
    problem = Problem(f"providers/{name}.toml", 0, "there is no such provider", f"choose {known}")
    raise BrokenContent([problem])


def _folders(extra_dir: Path | None) -> tuple[Traversable, ...]:
    shipped = files("knowledge") / "providers"
    return (shipped,) if extra_dir is None else (extra_dir / "providers", shipped)


def _read(path: Traversable, name: str) -> ProviderProfile:
    file = read_toml(path, f"providers/{name}.toml")
    problems: list[Problem] = []

    def table(key: str) -> TableReader:
        found = file.data.get(key, {})
        return TableReader(file, problems, key, found if isinstance(found, Mapping) else {})

    sources = read_sources(file, problems)
    names, review, account = table("names"), table("review"), table("account")
    resources, pictures, coverage = table("resources"), table("pictures"), table("coverage")
    console, helping = table("console"), table("help")
    profile = ProviderProfile(
        name=name,
        full_names=names.by_locale("full"),
        short_names=names.by_locale("short"),
        console={what: console.by_locale(what) for what in _CONSOLE},
        help={what: helping.by_locale(what) for what in _HELP},
        first_review_working_days=review.range("first_review_working_days"),
        second_review_working_days=review.range("second_review_working_days"),
        subjects_per_account=account.number("subjects_per_account"),
        websites_per_subject=account.number("websites_per_subject"),
        ips_per_website=account.number("ips_per_website"),
        websites_per_ip=account.number("websites_per_ip"),
        resource_months_bought_min=resources.number("months_bought_min"),
        resource_months_left_min=resources.number("months_left_min"),
        unpaid_ip_kept_days=resources.number("unpaid_ip_kept_days"),
        billing=resources.texts("billing"),
        picture_formats=pictures.texts("formats"),
        picture_max_megabytes=pictures.number("max_megabytes"),
        unavailable_provinces=coverage.texts("unavailable_provinces"),
        letters=tuple(
            _letter(TableReader(file, problems, "letters", entry, index), sources)
            for index, entry in enumerate(file.data.get("letters", []))
        ),
        service_hours=read_service_hours(file, problems),
        face_check_page=_page(table("pages"), "face_check"),
        sources={group: table(group).source(sources) for group in _GROUPS},
        keeping_days=_keeping(table("keeping")),
    )
    for province in profile.unavailable_provinces:
        if province_named(province) is None:
            line = file.line_of("coverage", entry="unavailable_provinces")
            message = f"[coverage]: no province is called {province!r}"
            problems.append(Problem(file.name, line, message, "use short names such as '江苏'"))
    if problems:
        raise BrokenContent(problems)
    return profile


def _keeping(reader: TableReader) -> Mapping[str, int]:
    """Days by group of answers: at least one, or what was typed would be gone at once."""
    days = {group: reader.number(group) for group in reader.table}
    for group, number in days.items():
        if not number and reader.table[group] == 0:
            reader.wrong(group, "must be 1 day or more")
    return days


def _page(reader: TableReader, entry: str) -> str | None:
    """An address of the provider's own: https, with a host and nothing odd in it."""
    address = reader.optional_text(entry)
    if address and _ADDRESS.fullmatch(address) is None:
        reader.wrong(entry, f"is {address!r}, no address such as https://console.example.cn/icp")
    return address or None


_CONSOLE: Final = (
    "entry",
    "start",
    "progress",
    "upload",
    "face_check",
    "withdraw",
    "public_ip",
    "templates",
    "add_website",
    "add_access",
    "transfer",
)
_HELP: Final = ("contact", "unavailable_province", "account")


def _letter(reader: TableReader, sources: Mapping[str, LegalSource]) -> Letter:
    reader.refuse_others("key", "title", "when", "signed_by", "source")
    return Letter(
        key=reader.text("key"),
        title=reader.by_locale("title"),
        when=reader.by_locale("when"),
        signed_by=reader.by_locale("signed_by"),
        source=reader.source(sources),
    )
