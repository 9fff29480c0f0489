"""The little picture beside a tune in a player: the mark of the site, as a JPEG.

    python -m bot.platforms.telegram.cover

draws it anew after the mark has changed, with Pillow.
"""

import io
from pathlib import Path
from typing import Final

COVER: Final = Path(__file__).with_name("cover.jpg")
MARK: Final = Path(__file__).parents[1] / "web" / "static" / "mark.svg"
_SIDE: Final = 320  # pixels; Bot API: sendAudio takes no more


def draw_cover() -> bytes:
    """Draw the mark on a square that it fills to the corners."""
    import resvg_py  # noqa: PLC0415 - slow
    from PIL import Image  # noqa: PLC0415 - of the tools that build the project

    drawn = Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_path=str(MARK), width=_SIDE)))
    square = Image.new("RGB", drawn.size, drawn.convert("RGB").getpixel((_SIDE // 2, 2)))
    square.paste(drawn, mask=drawn.getchannel("A"))
    jpeg = io.BytesIO()
    square.save(jpeg, "JPEG", quality=90)
    return jpeg.getvalue()


if __name__ == "__main__":
    COVER.write_bytes(draw_cover())
