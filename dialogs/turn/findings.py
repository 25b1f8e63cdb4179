"""What the pre-checks say, in the applicant's language."""

from dialogs.message import ReplyKind
from dialogs.turn.draft import Draft
from filing.checks import Finding, run_checks
from filing.finding import Level
from filing.model import Filing


def touching(draft: Draft, filing: Filing, field: str) -> tuple[Finding, ...]:
    """Findings of every check that looks at one field, wherever they point."""
    provider = draft.world.provider
    fields = frozenset({field})
    return tuple(run_checks(filing, draft.world.rulebook, draft.today, provider, fields=fields))


def all_findings(draft: Draft) -> tuple[Finding, ...]:
    """Findings over the whole filing, refusals first."""
    found = run_checks(draft.filing, draft.world.rulebook, draft.today, draft.world.provider)
    return tuple(sorted(found, key=lambda finding: finding.level != "refuse"))


def refusals(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that would be returned for certain."""
    return tuple(finding for finding in findings if finding.level == "refuse")


def asks_for_papers(finding: Finding) -> bool:
    """Whether a finding is about documents to prepare, so that no answer can mend it."""
    return finding.code.startswith("letters.")


def say_finding(draft: Draft, finding: Finding) -> None:
    """Tell one finding as a notice: what, what to do and, if it must be changed, by one tap."""
    key = step_of_field(draft, finding.field) if finding.level is Level.REFUSE else None
    draft.say(
        ReplyKind.NOTICE,
        "message.finding",
        mark=draft.text(f"message.mark_{finding.level}"),
        reason=draft.text(f"check.{finding.code}.reason", **finding.params),
        cure=draft.text(f"check.{finding.code}.cure", **finding.params),
        buttons=(draft.edit_button(key),) if key and key not in draft.journey.derived else (),
    )


def step_of_field(draft: Draft, field: str) -> str | None:
    """The step that fills a field, so that a finding can offer to change it."""
    for step in draft.flow.steps:
        if step.fills == field and step.key in draft.journey.values:
            return step.key
    return None
