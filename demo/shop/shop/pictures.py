"""Small generated pictures, one per shelf, and a thumbnailer that has nothing to shrink."""

from pathlib import Path
from typing import Any
from zlib import crc32

from oscar.core.thumbnails import AbstractThumbnailer
from PIL import Image, ImageDraw

SIDE = 160


class AsTheyAre(AbstractThumbnailer):
    """The pictures are thumbnails already."""

    def generate_thumbnail(self, source: Any, **opts: Any) -> Any:
        del opts
        return source

    def delete_thumbnails(self, source: Any) -> None:
        del source


def draw(name: str, file: Path) -> None:
    """A tile in two tones, with shapes that follow from the name."""
    seed = crc32(name.encode())
    ground, shape = ((90 + (seed >> bits) % 140) for bits in (0, 8)), ((60 + (seed >> bits) % 160) for bits in (3, 13))
    picture = Image.new("RGB", (SIDE, SIDE), (*ground, 200))
    pen = ImageDraw.Draw(picture)
    for ring in range(2 + seed % 3):
        inset = 16 + ring * 14
        pen.rounded_rectangle(
            (inset, inset, SIDE - inset, SIDE - inset), radius=seed % 40, outline=(70, 60, 90), width=5
        )
    pen.ellipse((60, 60, 100, 100), fill=(*shape, 120))
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.save(file, "JPEG", quality=80)
