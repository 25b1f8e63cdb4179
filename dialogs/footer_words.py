"""What is said of a home page's bottom: each finding as a sentence in somebody's language."""

from dataclasses import dataclass

from dialogs.wording import Wording
from filing.footer import FooterCode, FooterFinding, Level
from filing.invalid import Param


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in words. ``fix`` is ready HTML, or empty."""

    code: str
    level: Level
    message: str
    fix: str


def say_finding(finding: FooterFinding, wording: Wording, locale: str) -> Said:
    """One finding in words."""
    params: dict[str, Param] = dict(finding.params)
    if finding.code is FooterCode.NUMBER_HIDDEN:
        params["hidden"] = wording.say(f"footer.hidden.{params['reason']}", locale)
    if finding.code is FooterCode.NUMBER_OF_OTHER_PROVINCE:
        params["province"] = wording.label("province", str(params["province"]), locale)
    message = wording.say(f"footer.{finding.code.value}", locale, **params)
    fix = "" if finding.level == "ok" else finding.fix
    return Said(finding.code.value, finding.level, message, fix)
