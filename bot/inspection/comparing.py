"""Whether what a picture seems to show is what was sought, and says what was answered."""

from collections.abc import Iterator

from bot.inspection.licence_code import LicenceCode
from bot.inspection.showing import Shown
from dialogs.ports import Sought
from filing.finding import Level
from filing.identifiers.org_name import same_name
from filing.materials.material import IDENTITY_KINDS, MaterialKind, PictureFinding, Side
from filing.materials.picture_code import PictureCode

_ONE_SIDE = (Side.FRONT, Side.BACK)


def with_code(shown: Shown, code: LicenceCode | None) -> Shown:
    """What a picture shows, once its QR code is known to be a body's."""
    if code is None:
        return shown
    turned = shown.is_turned and shown.kind is MaterialKind.SUBJECT_CERTIFICATE
    return Shown(MaterialKind.SUBJECT_CERTIFICATE, code.certificate, Side.WHOLE, turned)


def compared(shown: Shown, code: LicenceCode | None, sought: Sought) -> Iterator[PictureFinding]:
    """What does not fit. Only a QR code is proof; a layout is a doubt for staff.

    A number or name unlike the answers is a doubt too: either may be the wrong one.
    """
    if sought.kind is not None and _is_another(shown, sought):
        # What is no paper of identity may bear such a code as well: a letter, a plan.
        is_sure = code is not None and sought.kind in IDENTITY_KINDS
        params = {"seen": shown.certificate or "", "sought": sought.certificate or ""}
        level = Level.REFUSE if is_sure else Level.WARN
        yield PictureFinding(PictureCode.WRONG_DOCUMENT, level, params=params)
        return
    if shown.side in _ONE_SIDE and sought.side in _ONE_SIDE and shown.side is not sought.side:
        params = {"seen": str(shown.side)}
        yield PictureFinding(PictureCode.WRONG_SIDE, Level.WARN, params=params)
    if code is None or sought.kind not in (None, MaterialKind.SUBJECT_CERTIFICATE):
        return
    if code.number and sought.number and code.number != sought.number:
        yield PictureFinding(PictureCode.NUMBER_DIFFERS, Level.WARN)
    if code.name and sought.name and not same_name(code.name, sought.name):
        yield PictureFinding(PictureCode.NAME_DIFFERS, Level.WARN)


def _is_another(shown: Shown, sought: Sought) -> bool:
    if shown.kind is not None and shown.kind is not sought.kind:
        return True
    known = shown.certificate is not None and sought.certificate is not None
    return known and shown.certificate is not sought.certificate
