"""`beian check`: configuration, flows, rules, articles and wording, every problem at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.inspection.limits import load_limits as load_picture_limits
from bot.inspection.ocr import worker as ocr
from bot.letters.loading import load_letters, shipped_problems
from bot.privacy.papers import problems as paper_problems
from bot.settings import Settings, nameless
from bot.wechat.notice_templates import load_notice_templates
from bot.world import FLOWS, load_world
from desk.allowance import load_channels
from desk.canned import read_canned
from desk.limits import load_limits
from desk.quality.checklist import load_checklist
from dialogs.assemble import field_exists
from dialogs.lexicon_problems import lexicon_problems
from dialogs.wording import LOCALES, load_wording
from dialogs.wording.validate import validate, validate_papers
from knowledge.article_checks import article_problems, overdue, telling_problems
from knowledge.deadlines import load_deadlines
from knowledge.errors import BrokenContent, Problem
from knowledge.kinds import load_kinds
from knowledge.materials import load_material_rules
from knowledge.provider import load_provider
from knowledge.rules_loader import read_rulebook
from storage.crypto import MasterKey
from storage.errors import BadMasterKey

STEP_KEYS = frozenset(step.key for flow in FLOWS.values() for step in flow.steps)


@dataclass(frozen=True, slots=True)
class Findings:
    """``problems`` keep the assistant from starting, the rest does not; ``notes`` are no fault."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def check_everything(settings: Settings, on: date) -> Findings:
    """Everything found on a day, each with file, line and cure."""
    content = settings.content
    rulebook, found = read_rulebook(content)
    problems: list[Problem] = list(found)
    for load in (
        lambda: load_provider(settings.provider, content),
        load_kinds,
        load_deadlines,
        lambda: load_letters(content),
        lambda: load_channels(content),
        lambda: load_limits(content),
        lambda: load_checklist(content),
        lambda: load_material_rules(content),
        lambda: load_picture_limits(content),
        lambda: load_notice_templates(content),
    ):
        try:
            load()
        except BrokenContent as error:
            problems += error.problems
    sound = not problems  # articles quote rules and profile
    world = load_world(settings, rulebook) if sound else None
    problems += article_problems(content, world.rulebook.keys if world else None, STEP_KEYS)
    wording = load_wording(content / "wording" if content else None)
    problems += validate(wording, *FLOWS.values())
    problems += validate_papers(wording, world.materials) if world else ()
    problems += read_canned(content)[1]
    problems += lexicon_problems()
    problems += paper_problems(settings, world, on) if world else ()
    warnings: list[Problem] = []
    if world and not problems:
        problems += telling_problems(world.knowledge, on)
        problems += shipped_problems(world.letters, content)
        for locale in LOCALES:
            warnings += overdue(world.knowledge.articles(locale).values(), on)
    return Findings(
        (*unfit(settings), *map(str, problems), *_flow_problems()),
        (*map(str, warnings), *half_set(settings)),
        tuple(_not_installed()),
    )


def unfit(settings: Settings) -> Iterator[str]:
    """Settings with which the program does not start, beyond what each says of itself."""
    if (missing := nameless(settings)) is not None:
        yield missing
    if settings.master_key is not None:
        try:
            MasterKey.from_text(settings.master_key.get_secret_value())
        except BadMasterKey as error:
            yield str(error)


def half_set(settings: Settings) -> Iterator[str]:
    """Settings that work, but not as far as their operator will think."""
    if settings.wechat_app_id is not None and settings.public_url is None:
        yield (
            "WeChat without BEIAN_PUBLIC_URL: nobody there gets a link to a secure form or a "
            "letter; set it to the address under which WeChat reaches this server"
        )
    if settings.wecom_corp_id is not None and settings.public_url is None:
        yield (
            "WeCom without BEIAN_PUBLIC_URL: nobody there gets a link to a secure form or a "
            "letter; set it to the address under which WeCom reaches this server"
        )


def _not_installed() -> Iterator[str]:
    """What an operator may add, and how."""
    if not ocr.is_installed():
        yield (
            "not installed: reading licences and ID cards in photos (the extra `ocr`); people type "
            "instead. To turn it on: `make setup-ocr`, or install beian-assistant[ocr]"
        )


def _flow_problems() -> Iterator[str]:
    yield from (
        f"flow {flow.name}: step {step.key!r} fills {step.fills!r}, which no filing has; "
        "name a field of filing.model.Filing"
        for flow in FLOWS.values()
        for step in flow.steps
        if step.fills is not None and not field_exists(step.fills)
    )
