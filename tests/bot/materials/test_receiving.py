"""What comes through the door for papers, and what is sent back with a clear word."""

import io
import json
import math
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from bot.materials import isolated
from bot.materials.decoding import clean_picture, encode
from bot.materials.isolated import CleanPicture, Decoder
from bot.materials.limits import LEAST_SIDE, LONGEST_SIDE, MAX_BYTES
from bot.materials.pages import clean_pages
from bot.materials.receiving import Received, Receiver, Refused
from bot.materials.sniffing import PDF, media_type_of, webp_size
from dialogs.message import Identity
from dialogs.wording import load_wording
from filing.invalid import Invalid
from tests.bot.materials.files import (
    chunk,
    drawing,
    jpeg_claiming,
    locked_pdf,
    pdf,
    picture,
    png_claiming,
)

SOMEBODY = Identity("web", "a")
MEGABYTES = 4 * 10**6
HEIC = (Path(__file__).parent / "specimen.heic").read_bytes()
WORDING = load_wording()


@dataclass
class Near:
    """A decoder in this process: the same work without the cost of another."""

    max_bytes: int = MEGABYTES

    async def decode(self, content: bytes, media_type: str) -> list[CleanPicture] | Invalid:
        """As ``isolated.Decoder``."""
        clean = (
            clean_pages(content, self.max_bytes)
            if media_type == PDF
            else clean_picture(content, media_type, self.max_bytes)
        )
        if isinstance(clean, Invalid):
            return clean
        several = clean if isinstance(clean, tuple) else (clean,)
        return [CleanPicture(one.content, one.width, one.height) for one in several]


@dataclass
class Shelf:
    """A vault that is a list."""

    kept: list[tuple[str, bytes]] = field(default_factory=list)

    async def put(self, identity: Identity, name: str, media_type: str, content: bytes) -> str:
        """Keep one."""
        self.kept.append((name, content))
        return f"id{len(self.kept)}"


def receiver(decoder: Near | Decoder | None = None) -> tuple[Receiver, Shelf]:
    """A door, and what came through it."""
    shelf = Shelf()
    return Receiver(shelf, decoder or Near()), shelf  # type: ignore[arg-type]  # Near decodes alike


async def received(content: bytes, name: str = "a.jpg") -> Image.Image:
    """The picture that was kept of a file."""
    door, shelf = receiver()
    got = await door.receive(SOMEBODY, name, content)
    assert isinstance(got, Received), got
    return Image.open(io.BytesIO(shelf.kept[0][1]))


async def refused(content: bytes, decoder: Near | Decoder | None = None) -> Invalid:
    """Why nothing was kept of a file."""
    door, shelf = receiver(decoder)
    got = await door.receive(SOMEBODY, "a.jpg", content)
    assert isinstance(got, Refused), got
    assert shelf.kept == []
    assert got.file.wrong is got.wrong
    return got.wrong


# --- What is taken ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(picture("JPEG"), id="jpeg"),
        pytest.param(picture("JPEG", progressive=True), id="progressive jpeg"),
        pytest.param(picture("JPEG", mode="CMYK"), id="cmyk jpeg"),
        pytest.param(picture("PNG"), id="png"),
        pytest.param(picture("PNG", mode="RGBA"), id="png with alpha"),
        pytest.param(picture("PNG", mode="P"), id="png with a palette"),
        pytest.param(picture("WEBP"), id="webp"),
        pytest.param(picture("WEBP", lossless=True, mode="RGBA"), id="lossless webp"),
        pytest.param(HEIC, id="heic"),
        pytest.param(picture("PNG") + b"<?php system('id'); ?>", id="something behind the picture"),
        pytest.param(picture("JPEG") + b"PK\x03\x04" + b"\0" * 60, id="an archive behind it"),
    ],
)
async def test_a_picture_of_any_usual_kind_is_kept_as_plain_jpeg(content: bytes) -> None:
    kept = await received(content)
    assert (kept.format, kept.mode) == ("JPEG", "RGB")
    seal, bar = (
        kept.getpixel((kept.width // 5, kept.height // 4)),
        kept.getpixel((kept.width * 3 // 4, kept.height * 3 // 4)),
    )
    assert isinstance(seal, tuple) and seal[0] > seal[2]
    assert isinstance(bar, tuple) and bar[1] > bar[0]


@pytest.mark.parametrize("lossless", [True, False])
def test_the_size_of_a_webp_is_read_from_its_header(lossless: bool) -> None:
    assert webp_size(picture("WEBP", 321, 123, lossless=lossless)) == (321, 123)
    assert webp_size(picture("WEBP", 321, 123, mode="RGBA", exif=b"Exif\0\0MM")) == (321, 123)


async def test_sixteen_bits_of_grey_become_eight() -> None:
    row = struct.pack("<H", 40_000) * 100 + struct.pack("<H", 0) * 100
    deep = Image.frombytes("I;16", (200, 100), row * 100)
    out = io.BytesIO()
    deep.save(out, "PNG")
    kept = await received(out.getvalue())
    light, dark = kept.convert("L").getpixel((50, 50)), kept.convert("L").getpixel((150, 50))
    assert isinstance(light, int) and abs(light - 40_000 // 256) < 4
    assert isinstance(dark, int) and dark < 4


async def test_a_line_drawing_of_one_bit_is_taken() -> None:
    assert (await received(picture("PNG", mode="1"))).mode == "RGB"


async def test_transparent_parts_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert (await received(out.getvalue())).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("turned", range(1, 9))
async def test_a_photo_is_turned_as_the_camera_was_held(turned: int) -> None:
    transposed = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    shot = drawing() if turned == 1 else drawing().transpose(transposed[turned])
    told = Image.Exif()
    told[0x0112] = turned
    out = io.BytesIO()
    shot.save(out, "JPEG", exif=told, quality=95)
    kept = await received(out.getvalue())
    assert kept.size == (320, 200)
    seal = kept.getpixel((64, 50))
    assert isinstance(seal, tuple) and seal[0] > 120 > seal[1]


async def test_nothing_the_device_wrote_into_a_picture_is_kept() -> None:
    told = Image.Exif()
    told[0x010F] = "SECRET-CAMERA"
    told[0x9286] = "SECRET-COMMENT"
    told.get_ifd(0x8825)[1] = "N"
    told.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    drawing().save(
        out, "JPEG", exif=told, comment=b"SECRET", icc_profile=profile, xmp=b"<x>SECRET</x>"
    )
    assert out.getvalue().count(b"SECRET") >= 3
    door, shelf = receiver()
    await door.receive(SOMEBODY, "a.jpg", out.getvalue() + b"SECRET tail")
    kept = shelf.kept[0][1]
    for trace in (b"SECRET", b"Exif", b"ICC_PROFILE", b"http", b"<x>"):
        assert trace not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


async def test_a_heic_photo_loses_its_metadata_too() -> None:
    assert b"SPECIMEN CAMERA" in HEIC
    door, shelf = receiver()
    await door.receive(SOMEBODY, "IMG_0001.HEIC", HEIC)
    assert shelf.kept[0][0] == "IMG_0001.jpg"
    assert b"SPECIMEN" not in shelf.kept[0][1]


def noise(width: int, height: int) -> Image.Image:
    """A picture that hardly shrinks."""
    grain = random.Random(1).randbytes(width * height // 4)
    return Image.frombytes("L", (width // 2, height // 2), grain).resize((width, height), 0)


async def test_what_comes_out_fits_the_provider_and_stays_legible() -> None:
    out = io.BytesIO()
    noise(3000, 2400).save(out, "JPEG", quality=95)
    limit = 1_200_000
    assert out.tell() > 2 * limit
    door, shelf = receiver(Near(limit))
    await door.receive(SOMEBODY, "a.jpg", out.getvalue())
    kept = shelf.kept[0][1]
    assert len(kept) <= limit
    assert max(Image.open(io.BytesIO(kept)).size) >= LEAST_SIDE * 0.85


def test_even_a_few_bytes_are_kept_to() -> None:
    assert len(encode(noise(800, 600), 20_000).content) <= 20_000


async def test_a_photo_of_a_phone_keeps_its_pixels_and_a_larger_one_does_not() -> None:
    assert (await received(picture("JPEG", 4032, 3024))).size == (4032, 3024)
    assert max((await received(picture("JPEG", 6000, 4000))).size) == LONGEST_SIDE


async def test_every_page_of_a_pdf_becomes_a_picture_with_its_chinese_letters() -> None:
    door, shelf = receiver()
    got = await door.receive(SOMEBODY, "域名证书.pdf", pdf("域名证书", "第二页"))
    assert isinstance(got, Received)
    assert [one.name for one in got.files] == ["域名证书-1.jpg", "域名证书-2.jpg"]
    assert [one.media_type for one in got.files] == ["image/jpeg"] * 2
    for _, content in shelf.kept:
        page = Image.open(io.BytesIO(content)).convert("L")
        assert page.size == (1653, 2339)
        assert sum(page.histogram()[:100]) > 3000  # letters, though the PDF brings no font


async def test_names_are_labels_alone() -> None:
    door, shelf = receiver()
    for name in ("../../etc/passwd", "执照\u202egnp.exe", "\0", "CON", "x" * 4000, "C:\\a\\b.heic"):
        await door.receive(SOMEBODY, name, picture())
    shown = [name for name, _ in shelf.kept]
    assert all(len(one) <= 100 and not set(one) & set("/\\\0\u202e") for one in shown)
    assert shown[-1] == "b.jpg"


# --- What is not -----------------------------------------------------------------------------


def _with_chunk(kind: bytes, content: bytes) -> bytes:
    whole = picture("PNG")
    return whole[:33] + chunk(kind, content) + whole[33:]


def _animated(kind: str) -> bytes:
    out = io.BytesIO()
    first, second = drawing(), drawing(mode="L").convert("RGB")
    first.save(out, kind, save_all=True, append_images=[second], duration=100)
    return out.getvalue()


def _archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def _damaged(content: bytes, at: float) -> bytes:
    place = int(len(content) * at)
    return content[:place] + b"\xff" * 40 + content[place + 40 :]


JPEG, PNG, WEBP = picture("JPEG"), picture("PNG"), picture("WEBP")
BAD: dict[str, tuple[bytes, str]] = {
    # nothing, or no picture
    "empty": (b"", "empty"),
    "one byte": (b"\xff", "wrong_type"),
    "only blanks": (b" " * 500, "wrong_type"),
    "text": ("营业执照".encode(), "wrong_type"),
    "svg with a script": (b"<svg onload=alert(1)>", "wrong_type"),
    "html": (b"<!doctype html><script>alert(1)</script>", "wrong_type"),
    "html that says PDF": (b"<!doctype html>%PDF-1.7", "wrong_type"),
    "xml bomb": (b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b">]>', "wrong_type"),
    "gif": (picture("GIF"), "wrong_type"),
    "gif and script": (b"GIF89a/*" + b"\0" * 60 + b"*/=1;alert(1)", "wrong_type"),
    "bmp": (picture("BMP"), "wrong_type"),
    "tiff": (picture("TIFF"), "wrong_type"),
    "icon": (picture("ICO", 32, 32), "wrong_type"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "wrong_type"),
    "windows program": (b"MZ\x90\0" + b"\0" * 60, "wrong_type"),
    "linux program": (b"\x7fELF" + b"\0" * 60, "wrong_type"),
    "sound": (b"RIFF\x10\0\0\0WAVEfmt ", "wrong_type"),
    "fits picture": (b"SIMPLE  =                    T" + b" " * 50, "wrong_type"),
    "jpeg 2000": (b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 40, "wrong_type"),
    "avif": (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "wrong_type"),
    "psd": (b"8BPS\0\x01" + b"\0" * 40, "wrong_type"),
    "word": (_archive("[Content_Types].xml", "word/document.xml"), "office"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "office"),
    "rich text": (b"{\\rtf1 x}", "office"),
    "zip": (_archive("1.jpg", "2.jpg"), "archive"),
    "zip slip": (_archive("../../../etc/cron.d/x"), "archive"),
    "rar": (b"Rar!\x1a\x07\x01\0" + b"\0" * 40, "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, "archive"),
    "gzip bomb": (b"\x1f\x8b\x08" + b"\0" * 40, "archive"),
    "mp4": (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video"),
    "quicktime": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video"),
    "webm": (b"\x1a\x45\xdf\xa3" + b"\0" * 60, "video"),
    # too much
    "21 megabytes": (JPEG + b"\0" * MAX_BYTES, "too_large"),
    "png of 4 gigapixels": (png_claiming(65_500, 65_500), "too_many_pixels"),
    "png of 2^31 by 1": (png_claiming(2**31 - 1, 1), "too_many_pixels"),
    "png of 41 megapixels": (png_claiming(6_404, 6_404), "too_many_pixels"),
    "png of 16 bits and 60 megapixels": (png_claiming(9_000, 7_000, depth=16), "too_many_pixels"),
    "jpeg of 4 gigapixels": (jpeg_claiming(65_500, 65_500), "too_many_pixels"),
    "jpeg of 48 megapixels": (jpeg_claiming(8_064, 6_048), "too_many_pixels"),
    "webp of 200 megapixels": (
        b"RIFF\x1a\0\0\0WEBPVP8 \x0e\0\0\0\x10\0\0\x9d\x01\x2a"
        + struct.pack("<HH", 16_000, 13_000),
        "too_many_pixels",
    ),
    "webp that moves and has 200 megapixels": (
        b"RIFF\xff\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0"
        + (16_000).to_bytes(3, "little")
        + (13_000).to_bytes(3, "little"),
        "too_many_pixels",
    ),
    "lossless webp of 200 megapixels": (
        b"RIFF\xff\0\0\0WEBPVP8L\x10\0\0\0\x2f" + struct.pack("<I", 16_000 | 13_000 << 14),
        "too_many_pixels",
    ),
    "png of no pixels": (png_claiming(0, 0), "broken"),
    "png with less than it says": (png_claiming(2_000, 2_000), "broken"),
    "png with a bomb of a comment": (
        _with_chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 200_000_000, 9)),
        "broken",
    ),
    # not still
    "animated png": (_animated("PNG"), "animated"),
    "animated webp": (_animated("WEBP"), "animated"),
    # broken
    "only the first bytes of a jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 20, "broken"),
    "only the first bytes of a png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "broken"),
    "only the first bytes of a webp": (b"RIFF\x10\0\0\0WEBPVP8 ", "broken"),
    "only the first bytes of a heic": (HEIC[:32], "broken"),
    "half a jpeg": (JPEG[: len(JPEG) // 2], "broken"),
    "half a png": (PNG[: len(PNG) // 2], "broken"),
    "half a webp": (WEBP[: len(WEBP) // 2], "broken"),
    "half a heic": (HEIC[: len(HEIC) // 2], "broken"),
    "a jpeg without its end": (JPEG[:-200], "broken"),
    "a png with a wrong checksum": (_damaged(PNG, 0.02), "broken"),
    "a heic with garbage inside": (_damaged(HEIC, 0.2), "broken"),
    "a png that says it is a webp": (b"RIFF\xff\0\0\0WEBP" + PNG, "broken"),
    "a script that begins like a jpeg": (b"\xff\xd8\xff/*" + b"alert(1)" * 20, "broken"),
    # pdf
    "only the first bytes of a pdf": (b"%PDF-1.7\n", "broken"),
    "half a pdf": (pdf("一")[:200], "broken"),
    "a pdf without pages": (pdf(), "broken"),
    "a pdf of seven pages": (pdf(*"一二三四五六七"), "pdf_pages"),
    "a pdf of 500 pages": (pdf(*["页"] * 500), "pdf_pages"),
    "a locked pdf": (locked_pdf(), "pdf_locked"),
    "a pdf that is html": (b"%PDF-1.4\n<html><script>alert(1)</script>", "broken"),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_cannot_be_used_is_sent_back_with_a_cure(what: str) -> None:
    content, code = BAD[what]
    wrong = await refused(content)
    assert wrong.code == f"file.{code}"
    for locale in ("zh-CN", "en"):
        said = WORDING.say(f"invalid.{wrong.code}", locale, **wrong.params)
        assert len(said) > 15
        assert "{" not in said


def test_there_are_fifty_bad_files_and_more() -> None:
    assert len(BAD) >= 50


async def test_a_page_of_any_size_stays_within_limits() -> None:
    for size in ((14_400, 14_400), (14_400, 3), (3, 14_400)):
        got = clean_pages(pdf("大", size=size), MEGABYTES)
        assert not isinstance(got, Invalid)
        assert max(got[0].width, got[0].height) <= LONGEST_SIDE


async def test_scripts_and_forms_of_a_pdf_do_nothing() -> None:
    door, shelf = receiver()
    active = "/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    assert isinstance(await door.receive(SOMEBODY, "a.pdf", pdf("一", more=active)), Received)
    assert b"JavaScript" not in shelf.kept[0][1]


@pytest.mark.parametrize("content", [JPEG, PNG, WEBP, HEIC, pdf("一")], ids=media_type_of)
async def test_random_damage_is_never_more_than_a_refusal(content: bytes) -> None:
    chance = random.Random(7)
    door, _ = receiver()
    for _ in range(40):
        spoilt = bytearray(content)
        for _ in range(chance.randrange(1, 30)):
            spoilt[chance.randrange(12, len(spoilt))] = chance.randrange(256)
        await door.receive(SOMEBODY, "a", bytes(spoilt))


# --- The process apart -----------------------------------------------------------------------


@pytest.mark.parametrize("content", [JPEG, PNG, WEBP, HEIC, pdf("一")], ids=media_type_of)
async def test_the_process_apart_does_the_same_with_no_file_to_open(content: bytes) -> None:
    door, shelf = receiver(Decoder(MEGABYTES))
    got = await door.receive(SOMEBODY, "a", content)
    assert isinstance(got, Received), got
    assert Image.open(io.BytesIO(shelf.kept[0][1])).format == "JPEG"


@pytest.mark.parametrize("what", ["half a jpeg", "png of 4 gigapixels", "a locked pdf"])
async def test_the_process_apart_says_what_is_wrong(what: str) -> None:
    content, code = BAD[what]
    assert (await refused(content, Decoder(MEGABYTES))).code == f"file.{code}"


_CHILDREN: dict[str, str] = {
    "takes for ever": "while True: pass",
    "sleeps": "import time; time.sleep(60)",
    "eats memory": "b = [bytearray(10**8) for _ in range(10**4)]",
    "breaks": "import os; os.abort()",
    "says nothing": "",
    "says nonsense": "print('{')",
    "says too much": "import sys\nwhile True: sys.stdout.buffer.write(b'x' * 10**6)",
    "lies about sizes": """print('{"pictures": [[99999999, 1, 1]]}')""",
    "gives no jpeg": """print('{"pictures": [[4, 9, 9]]}\\n<svg', end='')""",
    "claims a huge picture": """print('{"pictures": [[3, 90000, 9]]}')""",
    "invents a code": """print('{"wrong": {"code": "domain.syntax", "params": {}}}')""",
    "says something": """print('{"wrong": {"code": "file.broken", "params": {"a": "call 1"}}}')""",
}


@pytest.mark.parametrize("how", _CHILDREN)
async def test_whatever_a_file_does_to_its_process_is_a_refusal_here(
    how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    limit = "from bot.materials.child import _limit\n_limit(1, 3)\n"
    program = tmp_path / "child.py"
    program.write_text(limit + _CHILDREN[how])
    monkeypatch.setattr(isolated, "PROGRAM", (str(program),))
    wrong = await refused(JPEG, Decoder(MEGABYTES, seconds=1))
    assert wrong.code == "file.too_hard"


def test_a_picture_may_take_256_mib_and_two_seconds_or_what_its_pixels_need() -> None:
    program = (
        "import json, resource as r\n"
        "from bot.materials import child\n"
        "child._limit(15, 64)\n"
        "for pixels in (40_000_000, 12_000_000, 1):\n"
        "    child._hold_to(pixels)\n"
        "    kinds = (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)\n"
        "    print(json.dumps([r.getrlimit(kind) for kind in kinds]))\n"
        "    spent = r.getrusage(r.RUSAGE_SELF)\n"
        "print(spent.ru_utime + spent.ru_stime)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    *held, spent = ran.stdout.splitlines()
    largest, phones, small = ([tuple(one) for one in json.loads(line)] for line in held)
    for memory, time, written, dumped in (largest, phones, small):
        assert written == dumped == (0, 0)
        assert memory[0] == memory[1] <= 3 * 2**29
        assert time[0] == time[1] <= 15
    assert small[0] == (2**28, 2**28)
    assert small[1][0] <= math.ceil(float(spent)) + 2
    assert small[0] < phones[0] < largest[0] < (3 * 2**29, 3 * 2**29)


async def test_a_picture_that_wants_more_memory_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "child.py"
    program.write_text(
        "from bot.materials import child\n"
        "child._LEAST, child._A_PIXEL = 5 * 2**24, 0\n"  # as if it took more than any can
        "child.main()\n"
    )
    out = io.BytesIO()
    Image.new("RGB", (4000, 3000), "white").save(out, "JPEG")
    large = out.getvalue()
    door, _ = receiver(Decoder(MEGABYTES))
    assert isinstance(await door.receive(SOMEBODY, "a", large), Received)
    monkeypatch.setattr(isolated, "PROGRAM", (str(program),))
    assert (await refused(large, Decoder(MEGABYTES))).code == "file.too_hard"


async def test_the_process_apart_can_write_no_file_and_open_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, target = tmp_path / "child.py", tmp_path / "written"
    program.write_text(
        "from bot.materials.child import _limit\n"
        f"held = open({str(target)!r}, 'wb', buffering=0)\n"
        "_limit(5, 3)\n"
        "for attempt in (lambda: held.write(b'x'), lambda: open('/etc/passwd')):\n"
        "    try:\n"
        "        attempt()\n"
        "        print('not held')\n"
        "    except OSError:\n"
        "        pass\n"
    )
    monkeypatch.setattr(isolated, "PROGRAM", (str(program),))
    await refused(JPEG, Decoder(MEGABYTES))
    assert target.read_bytes() == b""


async def test_what_nobody_asked_for_is_neither_kept_nor_decoded() -> None:
    class Uninterested:
        async def expects_file(self, identity: Identity) -> bool:
            return False

    door, shelf = receiver(Decoder(0))
    [told] = await door.take(Uninterested(), SOMEBODY, "身份证.jpg", JPEG)
    assert (told.file_id, told.wrong, told.media_type) == ("", None, "image/jpeg")
    assert shelf.kept == []
