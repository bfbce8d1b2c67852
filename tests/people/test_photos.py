"""Photos: only pixels are kept, and what is none is refused."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from people import photos


def file(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **given) -> bytes:
    content = io.BytesIO()
    Image.new(mode, size, "red").save(content, kind, **given)
    return content.getvalue()


def large_png(size: tuple[int, int], mode: str) -> bytes:
    return file("PNG", size=size, mode=mode, compress_level=1)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("WEBP", "RGB"),
    ],
)
def test_a_picture_becomes_a_square_jpeg(kind: str, mode: str) -> None:
    drawn = Image.open(io.BytesIO(photos.draw(file(kind, mode=mode))))
    assert (drawn.format, drawn.size, drawn.mode) == ("JPEG", (photos.SIDE, photos.SIDE), "RGB")


def test_what_came_with_a_file_is_left_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[1] = "N"
    content = file(exif=exif.tobytes(), comment=b"serial number 17", icc_profile=b"profile of my screen")
    assert b"taken at home" in content
    drawn = photos.draw(content)
    for trace in (b"taken at home", b"serial number", b"profile of my screen", b"Exif"):
        assert trace not in drawn


def test_a_picture_is_turned_upright() -> None:
    picture = Image.new("RGB", (600, 400), "white")
    picture.paste("blue", (0, 0, 300, 400))  # the left half; turned by a quarter it is above
    exif, content = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    picture.save(content, "JPEG", exif=exif.tobytes())
    drawn = Image.open(io.BytesIO(photos.draw(content.getvalue())))
    pixels = np.asarray(drawn)
    assert pixels[20, 272, 2] > 200 > pixels[20, 272, 0]
    assert pixels[520, 272].min() > 200


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "kind"),
        (lambda: b"<svg onload=alert(1)>", "kind"),
        (lambda: b"GIF89a" + b"\x00" * 400, "kind"),
        (lambda: file()[:900], "broken"),
        (lambda: file(size=(199, 900)), "small"),
        (lambda: large_png((20_000, 3_000), "1"), "pixels"),  # some kilobytes that would fill the memory
        (lambda: large_png((5_000, 5_000), "RGBA"), "pixels"),  # and its copies with transparency more
        (lambda: b"\xff" * (photos.BYTES_AT_MOST + 1), "size"),
    ],
    ids=["empty", "svg", "gif", "cut", "narrow", "long", "transparent", "heavy"],
)
def test_what_is_no_photo_is_refused(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(photos.NotAPhoto) as refused:
        photos.draw(make())
    assert refused.value.code == code
