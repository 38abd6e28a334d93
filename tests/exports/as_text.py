"""What leaves the program as lines of text, to be compared with the text that was approved.

Words, formulas, formats, looks, order and signs are kept; a digit of a figure becomes ``#``, for
figures are compared with the engine elsewhere and none is to be approved here.
"""

import dataclasses
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pypdf
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table
from reportlab.platypus.flowables import HRFlowable

from mssp_sim.charts.theme import INK
from mssp_sim.exports import pictures
from mssp_sim.exports.workbook import rulebook
from mssp_sim.parameters import parameters
from tests.approval import ASKED

APPROVED = Path(__file__).parent / "approved"
COMMAND = "APPROVE=1 uv run pytest -n 0 -m '' tests/exports/test_approved.py"
EMU = 914_400
OVER = 2.0
"""Points that two boxes of words may share: what stands free above and under their letters."""

SHADES = tuple(field.name for field in dataclasses.fields(INK["light"]))
WITH_DIGITS = re.compile(
    r"(?<![\d.,$#])425\.\d{2,3}(?:\([A-Za-z0-9]+\))*(?![\d%M])"  # a section of the rule
    r"|42 CFR(?: Part \d+)?|\bBY\d\b|\bTable \d\b|\bTrack \d\+?"
    r"|(?<![\d.,$#])20[0-4]\d(?!\d|[.,]\d|%)"  # a year
)


INKS = {getattr(INK["light"], each): each for each in reversed(SHADES)}


def masked(text: str) -> str:
    """Return a text with ``#`` for each digit, but those that name a section, a table or a year.

    Examples
    --------
    >>> masked("2025: you earn $8.7M, 425.605(d)(1), −3.1% in BY3")
    '2025: you earn $#.#M, 425.605(d)(1), −#.#% in BY3'
    """
    kept = [re.sub(r"\d", "#", part) for part in WITH_DIGITS.split(text)]
    names = [*WITH_DIGITS.findall(text), ""]
    return "".join(part + name for part, name in zip(kept, names, strict=True))


def one_line(text: str) -> str:
    """Return a text as one line, its breaks written."""
    return masked(text).replace("\n", "\\n").replace("\x0b", "\\v")


def approve(name: str, lines: Sequence[str], *, beside: Sequence[str] | None = None) -> None:
    """Compare lines with those that were approved under a name.

    Parameters
    ----------
    beside : lines of another state: only what is not in them is approved, and what is left out
    """
    if beside is not None:
        ours, others = Counter(lines), Counter(beside)
        lines = [f"+ {each}" for each in _left(lines, others)] + [
            f"- {each}" for each in _left(beside, ours)
        ]
    text = "\n".join(lines) + "\n"
    file = APPROVED / f"{name}.txt"
    if ASKED:
        APPROVED.mkdir(exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
        return
    if not file.exists():
        pytest.fail(f"{file.name} has not been approved yet: run {COMMAND} and read what it wrote.")
    told = file.read_text("utf-8")
    hint = f"{file.name} differs; if that is meant, run {COMMAND} and read the difference"
    assert text.split("\n") == told.split("\n"), hint


def _left(lines: Iterable[str], other: Counter[str]) -> list[str]:
    there, left = Counter(other), []
    for line in lines:
        if there[line]:
            there[line] -= 1
        else:
            left.append(line)
    return left


# Pictures: drawn by nobody here, but told by their words and their size.


@contextmanager
def undrawn() -> Iterator[dict[int, str]]:
    """Let pictures be blank; return what they would be, by the width of the blank."""
    told: dict[int, str] = {}

    def blank(picture: Any, width: int, *, scale: float = 2.4, theme: str = "light") -> bytes:
        wide = 700 + len(told)
        told[wide] = f"picture of {width} px × {scale}, {theme}: {one_line(picture.description)}"
        file = io.BytesIO()
        Image.new("RGB", (wide, 350), "white").save(file, "PNG")
        return file.getvalue()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "png", blank)
        yield told


# A PDF, as it is drawn.


def pdf(make: Callable[[], bytes]) -> list[str]:
    """Return what a PDF says, paragraph by paragraph as drawn, with size, weight and color."""
    lines: list[str] = []
    drawn: list[str] = []
    boxes: list[Box] = []
    with undrawn() as told, pytest.MonkeyPatch.context() as patch:

        def before(cls: type, name: str, say: Callable[..., str]) -> None:
            usual = getattr(cls, name)

            def saying(self: Any, *given: Any, **named: Any) -> Any:
                lines.append(say(self, *given, **named))
                return usual(self, *given, **named)

            patch.setattr(cls, name, saying)

        def paragraph(self: Any) -> str:
            boxes.append(_box(self.canv, (0, 0, self.width, self.height), self.text))
            parts = list(_parts(self.frags)) or [("", self.style.fontName)]
            drawn.extend(text for text, _ in parts)
            whole = len({face for _, face in parts}) == 1 and "Bold" in parts[0][1]
            text = "".join(
                f"**{text}**" if "Bold" in face and not whole else text for text, face in parts
            )
            style = self.style
            look = f"{style.fontSize:g} {_ink(str(style.textColor))}"
            indent = f" in {style.leftIndent:g}" if style.leftIndent else ""
            return f"{look}{' bold' if whole else ''}{indent} | {one_line(text)}"

        def table(self: Any) -> str:
            widths = " ".join(f"{wide:.0f}" for wide in self._colWidths)
            style = self._cellStyles[0][0]
            rules = " ".join(dict.fromkeys(f"{each[0]} {each[3]:g}" for each in self._linecmds))
            return (
                f"table of {self._nrows} × {self._ncols}: {widths} wide; {style.valign.lower()}; "
                f"padding {style.leftPadding:g} {style.topPadding:g} {style.bottomPadding:g}; "
                f"{rules}"
            )

        def string(self: Any, _x: float, _y: float, text: str, *_: Any, **__: Any) -> str:
            drawn.append(text)
            return f"{self._fontsize:g} at the edge | {one_line(text)}"

        def image(
            self: Any, source: Any, x: float, y: float, wide: float, high: float, **_: Any
        ) -> str:
            boxes.append(_box(self, (x, y, wide, high), "a picture"))
            found = source if isinstance(source, ImageReader) else ImageReader(source)
            return f"{told[found.getSize()[0]]}, {wide:.0f} points wide"

        before(Paragraph, "draw", paragraph)
        before(Table, "draw", table)
        before(HRFlowable, "draw", lambda _: "a line")
        before(Drawing, "draw", lambda _: "a code")
        before(Canvas, "drawString", string)
        before(Canvas, "drawRightString", string)
        before(Canvas, "drawImage", image)
        before(Canvas, "roundRect", lambda *_, **__: "a box")
        before(Canvas, "_startPage", lambda _: "new page")
        content = make()
    nothing_over_another(boxes)
    file = pypdf.PdfReader(io.BytesIO(content))
    read = "".join(page.extract_text() for page in file.pages)
    assert _letters(read) == _letters("".join(drawn)), "what is drawn is not what reads back"
    about = {key.strip("/"): str(value) for key, value in (file.metadata or {}).items()}
    head = [f"{key}: {one_line(about[key])}" for key in ("Title", "Subject", "Author", "Creator")
            if about.get(key)]  # fmt: skip
    sizes = dict.fromkeys(f"{page.mediabox.width} × {page.mediabox.height}" for page in file.pages)
    return [*head, f"paper of {', '.join(sizes)}; language {file.root_object.get('/Lang')}", *lines]


class Box(NamedTuple):
    """Where something is drawn on a page, in points from its lower left corner."""

    page: int
    left: float
    low: float
    right: float
    high: float
    what: str


def _box(canvas: Any, place: tuple[float, float, float, float], what: str) -> Box:
    x, y, wide, high = place
    corners = canvas.absolutePosition(x, y), canvas.absolutePosition(x + wide, y + high)
    return Box(canvas.getPageNumber(), *corners[0], *corners[1], what)


def nothing_over_another(boxes: Sequence[Box]) -> None:
    """Check that no words and no picture are drawn over others, nor over the edge of a page."""
    for at, one in enumerate(boxes):
        assert min(one.left, one.low) > 0, one
        for other in boxes[at + 1 :]:
            wide = min(one.right, other.right) - max(one.left, other.left)
            high = min(one.high, other.high) - max(one.low, other.low)
            assert one.page != other.page or min(wide, high) < OVER, (one, other)


def _parts(frags: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield the texts of a paragraph with the face of each; a word may hold several."""
    for frag in frags:
        if hasattr(frag, "fontName"):
            yield frag.text, frag.fontName
        else:
            yield from ((text, part.fontName) for part, text in frag[1:])
            yield " ", frag[-1][0].fontName


def _letters(text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", text))


def _ink(shade: str) -> str:
    upper = shade.upper()
    return INKS.get(upper, upper)


# Slides.


def pptx(content: bytes) -> list[str]:
    """Return what slides say: each shape with its place in inches, its words and its notes."""
    deck = Presentation(io.BytesIO(content))
    about = deck.core_properties
    lines = [
        f"Title: {one_line(about.title)}; Author: {about.author}",
        f"slides of {deck.slide_width / EMU:.2f} × {deck.slide_height / EMU:.2f}",
    ]
    for page in deck.slides:
        lines.append(f"--- slide, {page.slide_layout.name}")
        for shape in page.shapes:
            left, top, wide, high = (
                at / EMU for at in (shape.left, shape.top, shape.width, shape.height)
            )
            boxed = shape.shape_type == MSO_SHAPE_TYPE.TEXT_BOX and shape.line.fill.type
            edged = f", edge {_ink(f'#{shape.line.color.rgb}')}" if boxed else ""
            name = re.sub(r" \d+$", "", shape.name)
            lines.append(f"{name} at {left:.2f} {top:.2f}, {wide:.2f} × {high:.2f}{edged}")
            if shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
                lines.append(f"  {one_line(shape._element.nvPicPr.cNvPr.get('descr'))}")
            if shape.has_text_frame:
                frame = shape.text_frame
                lines += [f"  {_said(each)}" for each in frame.paragraphs]
            if shape.has_table:
                lines += _table(shape.table)
        if page.has_notes_slide:
            text = page.notes_slide.notes_text_frame.text
            lines += ["notes:", *(f"  {masked(line)}" for line in text.split("\n"))]
    return lines


def _said(paragraph: Any) -> str:
    looks = dict.fromkeys(
        f"{run.font.size.pt:g} {_ink(f'#{run.font.color.rgb}')}{' bold' if run.font.bold else ''}"
        f" {run.font.name}"
        for run in paragraph.runs
    )
    after = f", after {paragraph.space_after.pt:g}" if paragraph.space_after else ""
    side = "" if paragraph.alignment is None else f" {paragraph.alignment.name.lower()}"
    return f"{', '.join(looks)}{side}{after} | {one_line(paragraph.text)}"


def _table(table: Any) -> Iterator[str]:
    widths = " ".join(f"{column.width / EMU:.2f}" for column in table.columns)
    yield f"  columns {widths}; first row {table.first_row}, bands {table.horz_banding}"
    for row in table.rows:
        fills = dict.fromkeys(_ink(f"#{cell.fill.fore_color.rgb}") for cell in row.cells)
        yield f"  row {row.height / EMU:.2f}, fill {', '.join(fills)}"
        for cell in row.cells:
            yield from (f"    {_said(each)}" for each in cell.text_frame.paragraphs)


# Workbooks.


def xlsx(content: bytes) -> list[str]:
    """Return what a workbook says: names, then each sheet cell by cell; equal ones as a run."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = [f"title: {one_line(book.properties.title or '')}; {book.properties.description or ''}"]
    lines[0] = masked(lines[0])
    lines.append(f"active: {book.active.title}")
    for name, held in book.defined_names.items():
        place = held.attr_text
        lines.append(f"name {name} = {_of_rules(book, place) or place}")
    for sheet in book:
        cells = _one_of_each_kind(sheet) if sheet.title == rulebook.TITLE else _cells(sheet)
        lines += [f"=== {sheet.title}", *_about(sheet), *cells]
    return lines


def _of_rules(book: Any, place: str) -> str:
    """Return a place on the sheet of the rules by what stands there, for its rows move."""
    if not place.startswith(f"'{rulebook.TITLE}'"):
        return ""
    box = re.findall(r"\$([A-Z]+)\$(\d+)", place)
    (first, top), (last, bottom) = box[0], box[-1]
    sheet, high = book[rulebook.TITLE], int(bottom) - int(top) + 1
    ends = " to ".join(_content(sheet[f"{column}{row}"]) for column, row in (box[0], box[-1]))
    label = _content(sheet[f"A{top}"])
    return f"'{sheet.title}' {first}:{last}, {high} high, beside {label}: {ends}"


def _one_of_each_kind(sheet: Any) -> Iterator[str]:
    """Yield the head, the last parts, and one parameter of each kind: the others are like it.

    So a version that a rule gains moves few lines. Which parameters stand there, and that the
    names of cells lead to them, is tested elsewhere.
    """
    known = {parameter.title: type(parameter.versions[0].value).__name__
             for parameter in parameters().values()}  # fmt: skip
    seen, kept = set[str](), True
    for told in _cells(sheet):
        if told.startswith("A") and told.endswith(" on F3F5F7"):
            title = re.split(r": | \(", told.split("'")[1])[0]
            kind = next((kind for name, kind in known.items() if masked(name).startswith(title)),
                        title)  # fmt: skip
            kept = kind not in seen
            seen.add(kind)
        if kept:
            yield told


def _about(sheet: Any) -> Iterator[str]:
    setup, view = sheet.page_setup, sheet.sheet_view
    printed = sheet.print_area or "-"
    if sheet.title == rulebook.TITLE:
        printed = printed.replace(f"${sheet.max_row}", "$last")
    yield (
        f"state {sheet.sheet_state}; freeze {sheet.freeze_panes}; print {printed}; "
        f"repeat {sheet.print_title_rows or '-'}; {setup.orientation}, paper {setup.paperSize}, "
        f"fit {setup.fitToWidth} × {setup.fitToHeight}; grid {view.showGridLines}; "
        f"protected {sheet.protection.sheet}; filter {sheet.auto_filter.ref or '-'}"
    )
    feet = [sheet.oddFooter.left.text, sheet.oddFooter.center.text, sheet.oddFooter.right.text]
    if any(feet):
        yield f"foot {' | '.join(str(each) for each in feet)}"
    yield "columns " + ", ".join(
        f"{get_column_letter(held.min)}:{get_column_letter(held.max)} {held.width:.1f}"
        f"{' hidden' if held.hidden else ''}"
        for held in sheet.column_dimensions.values()
    )
    heights = [
        f"{row} {held.height:g}{' hidden' if held.hidden else ''}"
        for row, held in sheet.row_dimensions.items()
        if held.height or held.hidden
    ]
    if heights:
        yield f"heights {', '.join(heights)}"
    if sheet.merged_cells.ranges:
        yield f"merged {' '.join(sorted(str(each) for each in sheet.merged_cells.ranges))}"
    for held in sheet.data_validations.dataValidation:
        yield (
            f"allowed in {held.sqref}: {held.type} {held.operator or ''} {held.formula1} "
            f"{held.formula2 or ''}; blank {held.allow_blank}; {held.errorStyle or 'stop'}: "
            f"{held.errorTitle} | {masked(held.error or '')} | {masked(held.prompt or '')}"
        )
    for where, rules in sheet.conditional_formatting._cf_rules.items():
        for rule in rules:
            yield f"marked in {where.sqref}: {rule.type} {rule.operator} {rule.formula}"


def _cells(sheet: Any) -> Iterator[str]:
    for row in sheet.iter_rows():
        run: list[Any] = []
        for cell in [*row, None]:
            if cell is not None and run and _goes_on(run[-1], cell):
                run.append(cell)
                continue
            if run and (run[0].value is not None or run[0].has_style):
                ends = f":{run[-1].column_letter}" if len(run) > 1 else ""
                note = f" | note {run[0].comment.text}" if run[0].comment else ""
                told = f"{run[0].coordinate}{ends} | {_content(run[0])}"
                yield f"{told} | {run[0].number_format} | {_style(run[0])}{note}"
            run = [cell]


def _goes_on(last: Any, cell: Any) -> bool:
    if _style(last) != _style(cell) or last.number_format != cell.number_format or cell.comment:
        return False
    if "f" in (last.data_type, cell.data_type):
        if last.data_type != cell.data_type:
            return False
        moved = Translator(last.value, origin=last.coordinate).translate_formula(cell.coordinate)
        return cell.value in (moved, last.value)
    return _content(last) == _content(cell)


def _content(cell: Any) -> str:
    if cell.value is None:
        return "empty"
    if cell.data_type == "f":
        return str(cell.value)
    if isinstance(cell.value, str):
        line = re.fullmatch(r"\d\.\d+", cell.value)
        return cell.value if line else f"'{one_line(cell.value)}'"
    if cell.is_date:
        return "a day"
    if isinstance(cell.value, int | float):
        sign = "−" if cell.value < 0 else ""
        return f"{sign}{'#' * len(str(abs(int(cell.value))))}"
    return masked(str(cell.value))


def _style(cell: Any) -> str:
    font, fill, side, edge = cell.font, cell.fill, cell.alignment, cell.border
    told = [f"{font.sz:g}"]
    if font.b:
        told.append("bold")
    if font.color is not None and font.color.rgb not in (None, "FF1B2430"):
        told.append(_ink(f"#{str(font.color.rgb)[2:]}"))
    if fill.fill_type:
        told.append(f"on {fill.fgColor.rgb[2:]}")
    told += [str(each) for each in (side.horizontal,) if each]
    if side.indent:
        told.append(f"in {side.indent:g}")
    if side.wrap_text:
        told.append("wraps")
    told += [name for name in ("top", "bottom", "left") if getattr(edge, name).style]
    if not cell.protection.locked:
        told.append("unlocked")
    return " ".join(told)


# Other files.


def json_lines(content: bytes) -> list[str]:
    """Return a JSON file line by line, a list of numbers on one line."""
    json.loads(content)
    text = re.sub(r"\[\s*([^\[\]{}]*?)\s*\]", lambda m: "[" + " ".join(m[1].split()) + "]",
                  content.decode())  # fmt: skip
    return [masked(line) for line in text.split("\n")]


def csv_lines(content: bytes) -> list[str]:
    """Return a CSV file line by line, its mark of UTF-8 and its breaks written."""
    text = content.decode("utf-8")
    return [masked(line).replace("\ufeff", "<BOM>").replace("\r", "<CR>")
            for line in text.split("\n")]  # fmt: skip
