"""`beian letter`: a letter as a file, with made-up values, a filing's own, or as its template."""

import asyncio
from pathlib import Path
from typing import Final

from bot.clock import real_clock
from bot.letters.making import FORMATS, make_letter
from bot.letters.template import read_template
from bot.settings import Settings
from bot.wiring import open_program
from bot.world import load_world
from dialogs.turn.letter_values import unknown, values_in
from filing.letters.values import EMPTY_ROWS, SiteRow, Values
from filing.subject import SubjectKind
from knowledge.letter_book import LetterForm

SPECIMEN: Final[Values] = {
    "provider_name": "示例云",
    "bureau_name": "江苏省通信管理局",
    "subject_kind": "企业",
    "subject_name": "示例科技（苏州）有限公司",
    "subject_id_type": "营业执照",
    "subject_id_number": "91320500MA0000007B",
    "subject_id_address": "江苏省苏州市示例区样本路 1 号",
    "address": "江苏省苏州市示例区样本路 1 号示例大厦 A 座 1001 室",
    "principal_name": "张样例",
    "principal_id_type": "居民身份证",
    "principal_id_number": "110101199003070038",
    "principal_phone": "13800000001",
    "principal_email": "principal@example.cn",
    "site_manager_name": "李样例",
    "site_manager_id_type": "居民身份证",
    "site_manager_id_number": "110101199003070038",
    "site_manager_phone": "13800000002",
    "site_manager_email": "manager@example.cn",
    "site_name": "示例科技官网",
    "domain": "example.cn",
    "service_content": "单位门户网站",
    "languages": "简体中文、英语",
    "ips": "192.0.2.10",
    "remark": "",
    "is_unit": True,
    "same_manager": False,
    "websites": (
        SiteRow("1", "示例科技官网", "example.cn", "单位门户网站"),
        *(SiteRow(str(number)) for number in range(2, 2 + EMPTY_ROWS)),
    ),
}
"""What a letter shows of nobody: made-up values, each plainly so."""

_INDIVIDUAL: Final[Values] = {
    "subject_kind": "个人",
    "subject_name": "张样例",
    "subject_id_type": "居民身份证",
    "subject_id_number": "110101199003070038",
    "service_content": "博客/个人空间",
    "is_unit": False,
    "same_manager": True,
}


class NoLetter(ValueError):
    """A letter that cannot be made; the message says what to do."""


def list_letters(settings: Settings, locale: str) -> list[str]:
    """Every letter, with its key and when it is needed."""
    letters = load_world(settings).letters.letters.values()
    wide = max(len(one.key) for one in letters)
    return [f"{one.key:<{wide}}  {one.title[locale]} · {one.when[locale]}" for one in letters]


def write_letter(
    settings: Settings, key: str, folder: Path, *, filing: str | None, template: bool
) -> list[Path]:
    """Put a letter into a folder as .docx and PDF, or its template alone; where they lie.

    Filled in from a filing, or with made-up values. Raises NoLetter.
    """
    world = load_world(settings)
    letter = world.letters.letters.get(key)
    if letter is None:
        raise NoLetter(f"there is no letter {key!r}; `beian letter` lists all")
    source = read_template(letter, settings.content)
    if template:
        return [_written(folder, f"{letter.key}.docx", source.content)]
    values = specimen(letter) if filing is None else asyncio.run(_of_filing(settings, filing))
    lacking = unknown(letter, values)
    if lacking:
        raise NoLetter(f"the filing does not say yet: {', '.join(lacking)}; ask the applicant")
    return [
        _written(folder, f"{letter.key}.{form}", make_letter(letter, source, values, form))
        for form in FORMATS
    ]


def specimen(letter: LetterForm) -> Values:
    """Made-up values for whom a letter is meant."""
    if letter.subjects == {SubjectKind.INDIVIDUAL}:
        return {**SPECIMEN, **_INDIVIDUAL}
    return SPECIMEN


async def _of_filing(settings: Settings, filing: str) -> Values:
    async with open_program(settings, real_clock) as program:
        found = await program.stores.filings.find(filing)
        case = found.case if found is not None else None
        values = values_in(case, filing, real_clock(), program.world) if case else None
    if values is None:
        raise NoLetter(f"there is no filing {filing!r}; its id stands in the chat and on the desk")
    return values


def _written(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / name
    place.write_bytes(content)
    return place
