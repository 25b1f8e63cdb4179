"""The rulebook, read from the shipped data files and an operator's own folder.

National rules are read at once, a province's when it is first asked about; an operator's
files are all read at once, so that a mistake in them shows at the start. A rule in the
operator's folder replaces the shipped rule of the same key, province and subjects.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from filing.provinces import PROVINCES, parse_province
from filing.rulebook import Rule, Rulebook
from knowledge.errors import BrokenContent, Problem
from knowledge.rule_wording import statement_problems
from knowledge.rules_reader import RulesReader, ambiguities
from knowledge.rules_schema import KeySpec, read_keys
from knowledge.toml_file import TomlFile, read_toml

NATIONAL_FILES: Final = ("national.toml", "site_names.toml", "pre_approval.toml")
KEYS_FILE: Final = "keys.toml"
STATEMENTS_FILE: Final = "statements.toml"
MATERIALS_FILE: Final = "materials.toml"
"""The rules of the checklist (``knowledge.materials``)."""
_ODD_PINYIN: Final = {"内蒙古": "neimenggu", "西藏": "xizang"}
PROVINCE_FILES: Final = {
    province.name: f"{_ODD_PINYIN.get(province.name, province.english.lower())}.toml"
    for province in PROVINCES
}
"""Short name to the file its rules stand in."""


def load_rulebook(extra_dir: Path | None = None) -> Rulebook:
    """Read the rules. Raises BrokenContent with every problem found.

    ``extra_dir`` is the operator's content folder. Its ``rules`` folder may hold ``keys.toml``,
    ``national.toml`` (or another of NATIONAL_FILES) and ``provinces/<pinyin>.toml``.
    """
    library = _Library(extra_dir)
    national = library.national()
    if extra_dir is not None:
        for name in library.provinces_of_operator():
            library.province(name)
    library.raise_problems()
    return Rulebook(national, _Provinces(library))


def read_rulebook(extra_dir: Path | None = None) -> tuple[Rulebook, tuple[Problem, ...]]:
    """The readable rules of all provinces, and every problem in all rules files.

    A rule that cannot be put into words is a problem as well.
    """
    library = _Library(extra_dir)
    national = library.national()
    provinces = {name: library.province(name) for name in PROVINCE_FILES}
    rules = [*national, *(rule for some in provinces.values() for rule in some)]
    problems = (*library.problems, *statement_problems(rules, extra_dir))
    return Rulebook(national, provinces), problems


def rule_problems(extra_dir: Path | None = None) -> tuple[Problem, ...]:
    """Every problem in all rules files, and every rule that cannot be put into words."""
    return read_rulebook(extra_dir)[1]


def load_keys(extra_dir: Path | None = None) -> Mapping[str, KeySpec]:
    """The keys rules may have. Raises BrokenContent."""
    library = _Library(extra_dir)
    library.raise_problems()
    return library.keys


class _Library:
    """The folders rules are read from, and the problems met so far."""

    def __init__(self, extra_dir: Path | None) -> None:
        self.problems: list[Problem] = []
        self._folders: list[tuple[Traversable, str]] = [(files("knowledge") / "rules", "rules")]
        if extra_dir is not None:
            self._folders.append((extra_dir / "rules", str(extra_dir / "rules")))
            self._refuse_strangers(extra_dir)
        self.keys: dict[str, KeySpec] = {}
        for folder, label in self._folders:
            file = self._read(folder / KEYS_FILE, f"{label}/{KEYS_FILE}")
            if file is not None:
                self.keys.update(read_keys(file, self.problems))

    def national(self) -> tuple[Rule, ...]:
        """The rules that hold everywhere."""
        return self._rules([("", name) for name in NATIONAL_FILES], None)

    def province(self, name: str) -> tuple[Rule, ...]:
        """One province's rules, by short name."""
        return self._rules([("provinces", PROVINCE_FILES[name])], name)

    def provinces_of_operator(self) -> list[str]:
        """The provinces the operator's folder has a file for."""
        folder = self._folders[-1][0] / "provinces"
        return [name for name, file in PROVINCE_FILES.items() if (folder / file).is_file()]

    def raise_problems(self) -> None:
        """Raise what was found so far, if anything was."""
        if self.problems:
            raise BrokenContent(self.problems)

    def _rules(self, paths: list[tuple[str, str]], province: str | None) -> tuple[Rule, ...]:
        rules: dict[tuple[str, tuple[str, ...]], Rule] = {}
        label = ""
        for folder, folder_label in self._folders:
            here: set[tuple[str, tuple[str, ...]]] = set()
            for parent, name in paths:
                place = folder / parent / name if parent else folder / name
                shown = "/".join(part for part in (folder_label, parent, name) if part)
                file = self._read(place, shown)
                if file is None:
                    continue
                label = file.name
                self._check_province(file, province)
                for rule in RulesReader(file, self.keys, self.problems, province).read():
                    identity = (rule.key, tuple(sorted(rule.subjects)))
                    if identity in here:
                        self._report_pair(label, rule, ", ".join(rule.subjects))
                    here.add(identity)
                    rules[identity] = rule
        for one, _, who in ambiguities(rules.values()):
            self._report_pair(label, one, who)
        return tuple(rules.values())

    def _report_pair(self, label: str, rule: Rule, who: str) -> None:
        self.problems.append(
            Problem(
                label,
                0,
                f"[{rule.key}]: two rules are equally narrow for {who}",
                "join them, or name different subjects",
            )
        )

    def _check_province(self, file: TomlFile, province: str | None) -> None:
        code = file.data.get("province")
        if province is None and code is not None:
            message, cure = "a national file names a province", "move it to provinces/"
        elif province is not None and (
            not isinstance(code, str)
            or (found := parse_province(code)) is None
            or found.name != province
        ):
            expected = next(one.adcode for one in PROVINCES if one.name == province)
            message = f"'province' is {code!r}, but the file is named after {province}"
            cure = f'write province = "{expected}"'
        else:
            return
        self.problems.append(Problem(file.name, file.line_of_entry("province"), message, cure))

    def _read(self, path: Traversable, name: str) -> TomlFile | None:
        if not path.is_file():
            return None
        try:
            return read_toml(path, name)
        except BrokenContent as error:
            self.problems.extend(error.problems)
            return None

    def _refuse_strangers(self, content: Path) -> None:
        if not content.is_dir():
            cure = "create it, or correct the setting"
            self.problems.append(Problem(str(content), 0, "there is no such folder", cure))
            return
        folder = content / "rules"
        known = {KEYS_FILE, STATEMENTS_FILE, MATERIALS_FILE, *NATIONAL_FILES}
        for file in sorted(folder.glob("**/*.toml")):
            inside = file.relative_to(folder)
            expected = set(PROVINCE_FILES.values()) if inside.parent.name == "provinces" else known
            if inside.name not in expected or len(inside.parts) > 2:
                self.problems.append(
                    Problem(
                        str(file),
                        0,
                        "no file of this name is read",
                        f"name it one of {', '.join(sorted(known))} or provinces/<pinyin>.toml",
                    )
                )


class _Provinces(Mapping[str, tuple[Rule, ...]]):
    """Each province's rules, read when first asked for."""

    def __init__(self, library: _Library) -> None:
        self._library = library
        self._read: dict[str, tuple[Rule, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Rule, ...]:
        if name not in self._read:
            if name not in PROVINCE_FILES:
                raise KeyError(name)
            rules = self._library.province(name)
            self._library.raise_problems()
            self._read[name] = rules
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PROVINCE_FILES)

    def __len__(self) -> int:
        return len(PROVINCE_FILES)
