"""Pictures that people hand in, drawn anew. Pure.

Whatever came with a file (place, camera, thumbnails, scripts in a polyglot) is left behind: only pixels are kept. A
file is refused by its header before its pixels are unpacked, so that a small one that unpacks for ever does no harm.
"""

import io
import warnings

from PIL import Image, ImageOps

BYTES_AT_MOST = 5 * 1024 * 1024
PIXELS_AT_MOST = 24_000_000
PIXELS_OF_A_JPEG = (
    50_000_000  # unpacked at a fraction of its size; others take four bytes a pixel, more than once
)
LEAST_SIDE = 200
SIDE = 544  # pixels: four times what pages show, for sharp screens
KINDS = ("JPEG", "PNG", "WEBP")


class NotAPhoto(Exception):
    """``code``: size, kind, pixels, small or broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def draw(content: bytes) -> bytes:
    """A square JPEG of the middle of a picture, upright, on white where it was transparent."""
    if len(content) > BYTES_AT_MOST:
        raise NotAPhoto("size")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=KINDS)
            _refuse_sizes(picture)
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # JPEG: unpacked at an eighth where it is large
            upright = ImageOps.exif_transpose(picture)
            square = ImageOps.fit(
                _on_white(upright), (SIDE, SIDE), Image.Resampling.LANCZOS, centering=(0.5, 0.4)
            )
    except NotAPhoto:
        raise
    except Image.UnidentifiedImageError:
        raise NotAPhoto("kind") from None
    except Exception:
        raise NotAPhoto("broken") from None
    return _jpeg(square)


def _refuse_sizes(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > (PIXELS_OF_A_JPEG if picture.format == "JPEG" else PIXELS_AT_MOST):
        raise NotAPhoto("pixels")
    if min(width, height) < LEAST_SIDE:
        raise NotAPhoto("small")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        above = picture.convert("RGBA")
        ground = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(ground, above).convert("RGB")
    return picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    """Copied pixel by pixel into a new picture, so that nothing hangs on it."""
    bare, file = Image.new("RGB", picture.size), io.BytesIO()
    bare.paste(picture)
    bare.save(file, "JPEG", quality=85, optimize=True, progressive=True)
    return file.getvalue()
