"""Take it with you: real downloads, opened; the link; a scenario file there and back."""

import openpyxl
import pypdf
import pypdfium2
import pytest
from PIL import Image
from pptx import Presentation

from mssp_sim import Scenario
from mssp_sim.exports.scenario_file import opened, save
from mssp_sim.parameters import RULES_VERSION
from tests.browser import screen, screen_take

pytestmark = [pytest.mark.browser, pytest.mark.long]

TAKE = "Take it with you"


@pytest.mark.also_in_firefox
def test_task_8_a_brief_of_one_page_in_two_clicks(visit, tmp_path):
    page = visit()
    sentence, tiles = screen.sentence(page), screen.tiles(page)
    screen_take.open_popover(page, TAKE)
    file = screen_take.download(page, "Brief", tmp_path)
    (only,) = pypdf.PdfReader(file).pages
    text = " ".join(only.extract_text().split())
    assert sentence in text
    for label, value, note in tiles:
        assert label.split(" shared")[0].split(" gross")[0].split(" sharing")[0] in text
        assert value in text
        assert note in text
    assert "Of $17.7M saved, $6.5M reaches you" in text  # the bridge
    assert "1.7 quality points short costs $2.2M" in text  # the curve
    assert "Assigned people 45,000" in text
    assert f"Rules version {RULES_VERSION}" in text
    drawn = pypdfium2.PdfDocument(file.read_bytes())[0].render(scale=1).to_pil()
    assert drawn.convert("L").getpixel((2, 2)) == 255


def test_task_9_the_last_line_of_the_proof_is_the_figure_of_the_tile(visit):
    page = visit()
    assert screen.values(page)[0] == "$6.5M"
    screen_take.open_popover(page, "How?")
    *lines, whole = screen_take.proof(page)
    assert "You earn: $6,516,510, shown as $6.5M" in whole
    last = lines[-1]
    assert "$6,516,510" in last
    assert "425.6" in last


def test_every_file_opens_and_says_what_the_screen_says(visit, tmp_path):
    page = visit("?cut=-5")
    value = screen.values(page)[0]
    screen_take.open_popover(page, TAKE)
    screen_take.name_it(page, "=1+1 <b>Lake</b>")
    (slide,) = Presentation(screen_take.download(page, "Slide", tmp_path)).slides
    words = "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
    assert value in words
    assert "=1+1 <b>Lake</b>" in words
    book = openpyxl.load_workbook(screen_take.download(page, "Workbook", tmp_path))
    assert book.sheetnames[0] == "Inputs"
    file = screen_take.download(page, "Scenario file", tmp_path)
    assert opened(file.read_bytes()).scenario == Scenario(cost_reduction=-0.05)
    with Image.open(screen_take.download(page, "Payoff curve PNG", tmp_path)) as image:
        assert image.width > 1_400
    drawn = screen_take.download(page, "Dollar bridge SVG", tmp_path).read_text(encoding="utf-8")
    assert value in drawn


@pytest.mark.also_in_firefox
def test_the_link_to_share_opens_the_same_tiles(visit):
    mine = visit("?cut=4&contract=D")
    screen_take.open_popover(mine, TAKE)
    address = screen_take.link(mine)
    assert screen.address(mine) in address
    theirs = visit("?" + address.partition("?")[2])
    assert screen.tiles(theirs) == screen.tiles(mine)


@pytest.mark.also_in_firefox
def test_a_scenario_file_opens_as_one_entry_of_undo(visit, tmp_path):
    page = visit()
    before = screen.everything(page)
    file = tmp_path / "theirs.json"
    file.write_bytes(save(Scenario(level="ENHANCED", quality_score=0.9), name="Lake Care"))
    screen_take.open_popover(page, TAKE)
    assert "Opened Lake Care" in screen_take.open_file(page, file)
    page.keyboard.press("Escape")
    screen.settle(page)
    assert screen.chosen_contract(page) == "ENH"
    screen.press(page, "undo")
    assert screen.everything(page) == before


def test_a_hostile_file_gets_one_sentence_and_changes_nothing(visit, tmp_path):
    page = visit()
    before = screen.tiles(page)
    file = tmp_path / "deep.json"
    file.write_bytes(b"[" * 200_000)
    screen_take.open_popover(page, TAKE)
    assert "cannot be read as JSON" in screen_take.open_file(page, file)
    assert screen.tiles(page) == before
    good = tmp_path / "good.json"
    good.write_bytes(save(Scenario(quality_score=0.9)))
    assert "Opened" in screen_take.open_file(page, good)
