"""Reading papers in photos: processor seconds and memory for each, beside the library as it comes.

The peer is RapidOCR with its defaults on the same photos: pages of 2,000 pixels, every line asked
whether it stands on its head. Needs the extra ``ocr``.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from time import process_time
from typing import Any, Final

from bench.results import ROOT, Result
from bot.inspection.ocr.worker import is_installed

_KINDS: Final = ("licence", "card_front", "certificate")
_FIRST: Final = 500  # seeds that nothing was ever chosen on
_MB: Final = 1024  # ru_maxrss is in kilobytes


def reading(rounds: int) -> dict[str, Result]:
    """Seconds and megabytes of reading ``rounds`` photos of each kind, each in its own process."""
    if not is_installed():
        print("  not measured: reading papers is not installed (make setup-ocr)")
        return {}
    ours, peer = (_run(name, rounds) for name in ("ours", "defaults"))
    return {
        "reading_seconds": Result(
            unit="processor seconds a picture",
            ratios={"rapidocr_defaults": peer["seconds"] / ours["seconds"]},
            medians={"ours": ours["seconds"], "rapidocr_defaults": peer["seconds"]},
            counts={"pictures": ours["pictures"]},
        ),
        "reading_memory": Result(
            unit="MB at the peak",
            ratios={"rapidocr_defaults": peer["megabytes"] / ours["megabytes"]},
            medians={"ours": ours["megabytes"], "rapidocr_defaults": peer["megabytes"]},
            counts={"pictures": ours["pictures"]},
        ),
    }


def _run(name: str, rounds: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.reading", name, str(rounds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _ours() -> Callable[[bytes], object]:
    from bot.inspection.ocr.child import look
    from bot.inspection.ocr.engine import Engine
    from bot.inspection.ocr.reading import read_paper
    from tests.inspection.ocr.measure import TODAY

    engine = Engine(threads=1)

    def read(content: bytes) -> object:
        seen = look(engine, content)
        return read_paper(seen.lines, TODAY, seen.symbols)

    return read


def _defaults() -> Callable[[bytes], object]:
    import numpy as np
    from PIL import Image
    from rapidocr import RapidOCR

    reader = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(content: bytes) -> object:
        with Image.open(BytesIO(content)) as opened:
            pixels = np.asarray(opened.convert("RGB"))[:, :, ::-1]
        return reader(np.ascontiguousarray(pixels))

    return read


def _measure(name: str, rounds: int) -> None:
    import resource
    from statistics import median

    from tests.inspection.ocr.measure import specimen
    from tests.specimens.photo import Shot, photograph

    read = {"ours": _ours, "defaults": _defaults}[name]()
    shot = Shot(width=2400, height=1800)
    photos = [
        photograph(specimen(kind, seed), shot, seed)
        for seed in range(_FIRST, _FIRST + rounds)
        for kind in _KINDS
    ]
    read(photos[0])  # loads the models
    seconds = []
    for content in photos:
        began = process_time()
        read(content)
        seconds.append(process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB
    told = {"seconds": median(seconds), "megabytes": peak, "pictures": len(seconds)}
    print(json.dumps(told))


if __name__ == "__main__":
    _measure(sys.argv[1], int(sys.argv[2]))
