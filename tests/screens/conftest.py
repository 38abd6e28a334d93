"""What tests of several pages share: the store of live rooms."""

import pytest

from mssp_sim.app import room


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv(room.SETTING, f"sqlite:///{tmp_path}/rooms.db")
    found = room.store()
    yield found
    found.close()
