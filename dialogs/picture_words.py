"""What is said of a picture of a paper: each finding as reason and cure in somebody's language."""

from dataclasses import dataclass

from dialogs.wording import Wording
from filing.finding import Level
from filing.materials.material import PictureFinding


@dataclass(frozen=True, slots=True)
class SaidOfPicture:
    """A finding in words: what is wrong, or may be, and what to do about it."""

    code: str
    level: Level
    reason: str
    cure: str


def say_picture_finding(finding: PictureFinding, wording: Wording, locale: str) -> SaidOfPicture:
    """One finding in words; a warning is worded as a doubt."""
    key = f"picture.{finding.code}"
    doubt = "reason" if finding.level is Level.REFUSE else "unsure"
    return SaidOfPicture(
        finding.code,
        finding.level,
        wording.say(f"{key}.{doubt}", locale, **finding.params),
        wording.say(f"{key}.cure", locale, **finding.params),
    )
