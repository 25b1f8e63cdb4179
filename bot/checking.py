"""`beian check`: configuration, flows, rules, articles and wording, every problem at once."""

from bot.settings import Settings
from bot.world import FLOWS
from dialogs.assemble import field_exists
from dialogs.wording import load_wording
from dialogs.wording.validate import validate
from knowledge.article_checks import article_problems
from knowledge.errors import BrokenContent, Problem
from knowledge.kinds import load_kinds
from knowledge.provider import load_provider
from knowledge.rules_loader import rule_problems


def check_everything(settings: Settings) -> list[str]:
    """Every problem found, each with file, line and cure."""
    content = settings.content
    problems: list[Problem] = list(rule_problems(content))
    for load in (lambda: load_provider(settings.provider, content), load_kinds):
        try:
            load()
        except BrokenContent as error:
            problems += error.problems
    problems += article_problems(content)
    wording = load_wording(content / "wording" if content else None)
    problems += validate(wording, *FLOWS.values())
    return [*map(str, problems), *_flow_problems()]


def _flow_problems() -> list[str]:
    return [
        f"flow {flow.name}: step {step.key!r} fills {step.fills!r}, which no filing has; "
        "name a field of filing.model.Filing"
        for flow in FLOWS.values()
        for step in flow.steps
        if step.fills is not None and not field_exists(step.fills)
    ]
