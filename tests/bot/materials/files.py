"""Files as people send them, good and bad; all drawn here."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw


def drawing(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    """A sheet with a red seal and a green bar: upright, the seal is at its top left."""
    image = Image.new("RGB", (width, height), "#f4f1e6")
    pen = ImageDraw.Draw(image)
    pen.ellipse((width * 0.05, height * 0.05, width * 0.35, height * 0.5), fill="#b3261e")
    pen.rectangle((width * 0.5, height * 0.6, width * 0.95, height * 0.9), fill="#0f6b5c")
    return image.convert(mode)


def picture(
    kind: str = "JPEG", width: int = 320, height: int = 200, mode: str = "RGB", **options: Any
) -> bytes:
    """The drawing as a file."""
    out = BytesIO()
    drawing(width, height, mode).save(out, kind, **options)
    return out.getvalue()


def png_claiming(width: int, height: int, *, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG whose header says so many pixels, with hardly any data behind it."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose header says so many pixels."""
    content = bytearray(picture())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def pdf(*pages: str, size: tuple[float, float] = (595, 842), more: str = "") -> bytes:
    """A PDF whose pages each say a line, in a Chinese font that it does not bring along."""
    numbers = [3 + 2 * n for n in range(len(pages))]
    font = 3 + 2 * len(pages)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{more}>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
    ]
    for number, line in zip(numbers, pages, strict=True):
        said = f"BT /F1 40 Tf 60 700 Td <{line.encode('utf-16-be').hex()}> Tj ET"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]/Contents {number + 1} 0 R"
            f"/Resources<</Font<</F1 {font} 0 R>>>>>>",
            f"<</Length {len(said)}>>\nstream\n{said}\nendstream",
        ]
    objects += [
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        f"/DescendantFonts[{font + 1} 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        f"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor {font + 2} 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]"
        "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + head + table + tail


def locked_pdf() -> bytes:
    """A PDF that names an encryption nobody has the password of."""
    owner, user = "41" * 32, "42" * 32
    encrypt = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{owner}>/U<{user}>/P -4>>/ID[<00><00>]"
    return pdf("锁").replace(b"/Root 1 0 R>>", b"/Root 1 0 R" + encrypt.encode() + b">>")
