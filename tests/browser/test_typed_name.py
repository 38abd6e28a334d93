"""What is typed is in the file, though nobody waited between the typing and the click."""

import pypdf
import pytest

from tests.browser import screen_take

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize("pause", [0, 100, 250], ids="{} ms".format)
def test_a_name_typed_just_before_the_click_is_in_the_file(visit, tmp_path, pause):
    page = visit()
    screen_take.open_popover(page, "Take it with you")
    for name in ("Lakeside ACO", "Hillside ACO"):
        field = page.get_by_role("textbox", name="Name on it")
        field.fill("")
        field.press_sequentially(name)
        page.wait_for_timeout(pause)
        (only,) = pypdf.PdfReader(screen_take.download(page, "Brief", tmp_path)).pages
        assert name in only.extract_text()
