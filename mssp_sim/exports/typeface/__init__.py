"""The one typeface of what is taken away, words and pictures alike, and which signs it has.

Liberation Sans, under the SIL Open Font License beside it; what draws the pictures has the same.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

PLAIN, BOLD = "LiberationSans", "LiberationSans-Bold"
FILES = {PLAIN: "LiberationSans-Regular.ttf", BOLD: "LiberationSans-Bold.ttf"}
KANA, HANGUL, HAN = "HeiseiKakuGo-W5", "HYGothic-Medium", "STSong-Light"
"""Typefaces of East Asia that a PDF names and its reader has."""

EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u303f\u3040-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]+"
)
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7ff]")

SIGNS = (
    "Latin, Greek and Cyrillic letters are drawn as typed; Chinese, Japanese and Korean ones with "
    "a typeface of the reader's machine, and left blank where it has none. Other signs, such as "
    "emoji, are left out of the brief."
)
"""What is said beside the box for a name."""


def drawn(text: str) -> str:
    """Return text without the signs that can be drawn by no typeface at hand.

    Source: ours

    Examples
    --------
    >>> drawn("Łódź → ʻOhana, Ωμέγα, Север: −$2.2M"), drawn("日本 🏥 ACO")
    ('Łódź → ʻOhana, Ωμέγα, Север: −$2.2M', '日本 ACO')
    """
    has = register()
    kept = "".join(c if c in has or c.isspace() or EAST_ASIAN.match(c) else "" for c in text)
    return " ".join(kept.split()) if len(kept) < len(text) else kept


def markup(text: str) -> str:
    """Return plain text as reportlab's markup: each sign in a typeface that has it.

    Source: ours

    Examples
    --------
    >>> markup("A & B 日本")
    'A &amp; B <font name="STSong-Light">日本</font>'
    """
    return EAST_ASIAN.sub(_named, escape(drawn(text)))


def _named(found: re.Match[str]) -> str:
    text = found[0]
    face = KANA if _KANA.search(text) else HANGUL if _HANGUL.search(text) else HAN
    return f'<font name="{face}">{text}</font>'


@cache
def register() -> frozenset[str]:
    """Make the typefaces known to reportlab; return the signs that ours has."""
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415  (only who exports)
    from reportlab.pdfbase.pdfmetrics import registerFont  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    folder = Path(__file__).parent
    faces: list[Any] = [TTFont(name, str(folder / file)) for name, file in FILES.items()]
    for face in (*faces, *map(UnicodeCIDFont, (KANA, HANGUL, HAN))):
        registerFont(face)
    known = set.intersection(*(set(face.face.charToGlyph) for face in faces))
    return frozenset(map(chr, known))
