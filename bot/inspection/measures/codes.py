"""What the QR codes in a picture say."""

from typing import Final

import zxingcpp

from bot.inspection.scene import Scene

_QR: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_LONGEST: Final = 2000  # characters; a licence's has a few hundred at most


def code_texts(scene: Scene) -> tuple[str, ...]:
    """The texts of the QR codes in a picture, as they stand there."""
    found = zxingcpp.read_barcodes(scene.view.image, formats=_QR)
    return tuple(one.text[:_LONGEST] for one in found if one.text)[:8]
