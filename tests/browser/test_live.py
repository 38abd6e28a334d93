"""The live levers: they speak while they are dragged, and nothing a native slider does is lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import screen

pytestmark = [pytest.mark.browser, pytest.mark.long]

COST = ("Cost reduction", -8.0, 12.0)
QUALITY = ("Quality score", 0.0, 100.0)
BROKEN = """(() => {
    const Whole = Blob;
    window.Blob = class extends Whole {
        constructor(parts, options) {
            const script = options && options.type && options.type.includes('javascript');
            const swap = part => typeof part === 'string' ? BREAK : part;
            super(script ? parts.map(swap) : parts, options);
        }
    };
})()"""
BREAKS = {
    "the script does not load": "'throw new Error(1)'",
    "the script throws": "part.replace('levers.get(', 'nothing.get(')",
}


def handle(page, lever):
    """Return where on the screen the lever stands for a value."""
    label, low, high = lever
    box = screen.lever(page, label).bounding_box()
    width = box["width"] - 12

    def at(value):
        return box["x"] + 6 + width * (value - low) / (high - low), box["y"] + box["height"] / 2

    return at


def drag(page, lever, *values, steps=12, release=True):
    """Drag a lever with the mouse from value to value."""
    at = handle(page, lever)
    page.mouse.move(*at(values[0]))
    page.mouse.down()
    for value in values[1:]:
        page.mouse.move(*at(value), steps=steps)
    if release:
        page.mouse.up()


def live(page, label):
    return screen.lever(page, label)


def number(page, label):
    text = live(page, label).get_attribute("aria-valuetext")
    return float(text.replace("−", "-").rstrip("%"))


@pytest.fixture
def page(visit):
    opened = visit()
    expect(opened.get_by_test_id("stSlider")).to_have_count(0)
    return opened


@pytest.mark.also_in_firefox
def test_the_page_changes_before_the_lever_is_let_go_and_ends_right(page):
    before = screen.everything(page)
    drag(page, COST, 3.1, 4.0, 5.0, release=False)
    expect(page.get_by_test_id("stMetricValue").first).not_to_have_text(before[1][0][1])
    page.mouse.up()
    screen.settle(page)
    assert number(page, "Cost reduction") == pytest.approx(5.0, abs=0.1)
    cut = re.search(r"cut=([\d.]+)", screen.address(page)).group(1)
    assert float(cut) == number(page, "Cost reduction")
    assert f"{number(page, 'Cost reduction'):.1f}%" in screen.sentence(page)


@pytest.mark.also_in_firefox
def test_a_drag_is_one_entry_of_undo(page):
    before = screen.everything(page)
    drag(page, COST, 3.1, 6.0, 1.0, 4.0)
    screen.settle(page)
    drag(page, QUALITY, 75, 90)
    screen.settle(page)
    between = number(page, "Cost reduction")
    screen.press(page, "undo")
    assert number(page, "Quality score") == 75
    assert number(page, "Cost reduction") == between
    screen.press(page, "undo")
    assert screen.everything(page) == before
    screen.press(page, "redo")
    assert number(page, "Cost reduction") == between


def test_reset_pin_and_back_to_start_move_the_live_lever(page):
    drag(page, QUALITY, 75, 60)
    screen.settle(page)
    screen.reset(page, "Quality score")
    assert number(page, "Quality score") == 82
    drag(page, COST, 3.1, 5.0)
    screen.settle(page)
    screen.press(page, "pin")
    assert "Nothing changed" in screen.changes(page)
    screen.press(page, "start")
    assert (number(page, "Cost reduction"), number(page, "Quality score")) == (3.1, 75)


def test_two_levers_in_quick_succession_both_arrive(page):
    drag(page, COST, 3.1, 5.0)
    drag(page, QUALITY, 75, 90)
    screen.settle(page)
    assert number(page, "Cost reduction") == pytest.approx(5.0, abs=0.1)
    assert number(page, "Quality score") == pytest.approx(90, abs=0.5)
    query = screen.address(page)
    assert f"quality={number(page, 'Quality score'):g}" in query
    assert f"cut={number(page, 'Cost reduction'):g}" in query


def test_keys_and_names_are_those_of_a_native_slider(page):
    lever = live(page, "Cost reduction")
    marks = {name: lever.get_attribute(name) for name in ("type", "min", "max", "step")}
    assert marks == {"type": "range", "min": "-8", "max": "12", "step": "0.1"}
    assert lever.get_attribute("aria-label") == "Cost reduction"
    for key, value in (
        ("ArrowRight", 3.2), ("ArrowLeft", 3.1), ("ArrowUp", 3.2), ("ArrowDown", 3.1),
        ("PageUp", 5.1), ("PageDown", 3.1), ("End", 12), ("Home", -8),
    ):  # fmt: skip
        screen.move(page, "Cost reduction", key)
        assert number(page, "Cost reduction") == value
    assert lever.get_attribute("aria-valuetext") == "−8.0%"
    assert live(page, "Quality score").get_attribute("aria-valuetext") == "75.0"


def test_the_focused_lever_shows_a_ring(page):
    screen.tab_to(page, "Cost reduction")
    ring = live(page, "Cost reduction").evaluate(
        "e => getComputedStyle(e.nextElementSibling).boxShadow"
    )
    assert ring != "none"


def test_an_exact_value_between_two_steps_stays_exact(visit):
    page = visit("?cut=3.14&quality=76.69")
    assert number(page, "Cost reduction") == 3.14
    assert number(page, "Quality score") == 76.69
    screen.move(page, "Market share", "ArrowRight")
    assert number(page, "Cost reduction") == 3.14


def test_a_finger_moves_the_lever_on_a_dark_phone(browser, server):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(server)
    screen.wait_for_pictures(page)
    page.get_by_test_id("stExpandSidebarButton").tap()
    live(page, "Cost reduction").wait_for()
    page.wait_for_timeout(800)
    page.touchscreen.tap(*handle(page, COST)(6.0))
    screen.settle(page)
    assert number(page, "Cost reduction") == pytest.approx(6.0, abs=0.3)
    assert "cut=" in screen.address(page)
    context.close()


def test_a_slow_server_hears_at_once_who_lets_go_and_gets_the_last_value(browser, server):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.add_init_script(
        """(() => {
            const Plain = WebSocket;
            window.said = '';
            window.WebSocket = class extends Plain {
                send(data) {
                    window.said += new TextDecoder().decode(data);
                    setTimeout(() => super.send(data), 1500);
                }
            };
        })()"""
    )
    page.goto(server)
    screen.wait_for_pictures(page)
    page.wait_for_timeout(1500)
    drag(page, COST, 3.1, 6.0, 2.5, 4.5)
    page.wait_for_function("""window.said.includes('"held":false')""", timeout=500)
    page.wait_for_timeout(3500)
    screen.settle(page)
    assert number(page, "Cost reduction") == pytest.approx(4.5, abs=0.1)
    assert f"cut={number(page, 'Cost reduction'):g}" in screen.address(page)
    assert f"{number(page, 'Cost reduction'):.1f}%" in screen.sentence(page)
    context.close()


@pytest.mark.parametrize("how", BREAKS)
def test_native_sliders_stand_in_where_the_component_fails(browser, server, how):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.add_init_script(BROKEN.replace("BREAK", BREAKS[how]))
    page.goto(server)
    expect(page.get_by_test_id("stVegaLiteChart").locator("svg").first).to_be_visible()
    page.wait_for_timeout(1500)
    screen.settle(page)
    expect(page.get_by_test_id("stSlider")).to_have_count(5)
    page.locator('input[type=range][aria-label*="Quality score"]').focus()  # names need a script
    page.keyboard.press("End")
    screen.settle(page)
    assert screen.values(page)[0] == "$8.7M"
    assert "quality=100" in screen.address(page)
    context.close()
