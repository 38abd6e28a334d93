"""The pages of a live room without a browser: rooms off, hostile names, a code nobody knows."""

import pytest

from mssp_sim.app import frame, room
from tests.screens.story.test_learn_pages import opened, words


@pytest.mark.parametrize("page", frame.OF_A_ROOM)
def test_with_rooms_off_a_page_of_a_room_says_so_and_what_to_do(page, monkeypatch):
    monkeypatch.delenv(room.SETTING, raising=False)
    app = opened(page, room="ABC-123", seat="x")
    assert not app.exception
    said = words(app).replace("\\", "")
    assert room.OFF in said
    assert room.SETTING in said
    assert not app.sidebar.slider
