"""Whether a paper that was read is the one sought, and still holds."""

from collections.abc import Iterator
from typing import Final

from bot.inspection.ocr.reading import Reading
from dialogs.ports import Sought
from filing.finding import Level
from filing.identifiers.org_name import same_name
from filing.materials.material import PictureFinding, Side
from filing.materials.picture_code import PictureCode

_SIDES: Final = (Side.FRONT, Side.BACK)


def compared(reading: Reading, sought: Sought) -> Iterator[PictureFinding]:
    """What is wrong with it; a difference from the answers is a doubt, as either may be right."""
    if sought.kind is not None and (wrong := _wrong(reading, sought)) is not None:
        params = {"seen": reading.certificate or "", "sought": sought.certificate or ""}
        yield PictureFinding(PictureCode.WRONG_DOCUMENT, wrong, params=params)
        return
    if reading.side in _SIDES and sought.side in _SIDES and reading.side is not sought.side:
        params = {"seen": str(reading.side)}
        yield PictureFinding(PictureCode.WRONG_SIDE, Level.WARN, params=params)
    if reading.valid_until is not None and reading.valid_until < sought.today:
        params = {"until": reading.valid_until.isoformat()}
        yield PictureFinding(PictureCode.EXPIRED, Level.REFUSE, params=params)
    name, number = reading.read.get("name"), reading.read.get("number")
    if name is not None and sought.name is not None and not same_name(name, sought.name):
        yield PictureFinding(PictureCode.NAME_DIFFERS, Level.WARN)
    if number is not None and sought.number is not None and number != sought.number:
        yield PictureFinding(PictureCode.NUMBER_DIFFERS, Level.WARN)


def _wrong(reading: Reading, sought: Sought) -> Level | None:
    """How sure it is that this is another paper; None where it is the one sought.

    Of another type, but of the same use, it may be the answer that is wrong.
    """
    if reading.kind is not sought.kind:
        return Level.REFUSE
    if sought.certificate is not None and reading.certificate is not sought.certificate:
        return Level.WARN
    return None
