"""The text reader: RapidOCR with the models that lie in its wheel. Only the worker imports it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import rapidocr
from PIL import Image
from rapidocr import RapidOCR

from bot.inspection.ocr.lines import Line, Point

LONGER_SIDE: Final = 1600
"""Pixels of the longer side at which a page is read; a larger picture is made smaller."""

_MODELS: Final = Path(rapidocr.__file__).parent / "models"


class Engine:
    """Reads lines of text from pictures. Loading takes about a second and 250 MB."""

    def __init__(self, threads: int = 1) -> None:
        # Paths to the models, so that nothing is ever asked of a network.
        self._reader = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": LONGER_SIDE,
                # Turned lines are for whoever asks: it takes rows of < in a passport for them.
                "Global.use_cls": False,
                "Det.model_path": str(_MODELS / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(_MODELS / "PP-OCRv6_rec_small.onnx"),
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def lines(self, picture: Image.Image) -> tuple[Line, ...]:
        """All lines, wherever they stand, in no particular order."""
        pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]  # as OpenCV has it
        found = self._reader(np.ascontiguousarray(pixels))
        if found.boxes is None:
            return ()
        return tuple(
            Line(text, _corners(box), float(score))
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        )


def _corners(box: Iterable[Iterable[float]]) -> tuple[Point, Point, Point, Point]:
    one, two, three, four = ((float(x), float(y)) for x, y in box)
    return one, two, three, four
