"""A file is made of what stands at the click, and stays until the browser has fetched it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from mssp_sim.app.asked_files import FileAsked, LastingFiles


def run(asked, content, *, clicked):
    """Go through a run of the page: it hears a click, or not, and draws the button."""
    if clicked:
        asked.hear()
    asked.draw(lambda: content)


def test_a_file_that_is_asked_for_before_the_click_is_heard_waits_for_its_run():
    asked = FileAsked()
    run(asked, b"before", clicked=False)
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(asked)
        run(asked, b"a run between", clicked=False)
        run(asked, b"at the click", clicked=True)
        assert coming.result(5) == b"at the click"


def test_each_click_gets_a_file_of_its_own_time():
    asked = FileAsked()
    for content in (b"first", b"second"):
        run(asked, content, clicked=True)
        assert asked() == content


def test_a_file_whose_click_was_not_heard_is_not_made(monkeypatch):
    monkeypatch.setattr(FileAsked, "HEARD_WITHIN", 0.05)
    asked = FileAsked()
    run(asked, b"before", clicked=False)
    with pytest.raises(TimeoutError):
        asked()


@pytest.fixture
def files():
    return LastingFiles(MemoryMediaFileStorage("/media"))


def runs_end(files, times):
    """Let runs of another visitor end, each of which throws away what nobody shows."""
    for _ in range(times):
        files.remove_orphaned_files()


def is_there(files, address):
    return files.read_file(address.rpartition("/")[2]) is not None


def test_a_file_and_what_makes_it_outlast_the_runs_of_other_visitors(files):
    made_of = files.add_deferred(lambda: b"a brief", "application/pdf", "0.1")
    address = files.execute_deferred(made_of)
    files.clear_session_refs()  # the visitor's own next run begins
    runs_end(files, 10)
    assert is_there(files, address)
    assert files.execute_deferred(made_of) == address


def test_in_the_end_they_are_thrown_away(files, monkeypatch):
    made_of = files.add_deferred(lambda: b"a brief", "application/pdf", "0.1")
    address = files.execute_deferred(made_of)
    files.clear_session_refs()
    monkeypatch.setattr(LastingFiles, "KEPT_FOR", 0.0)
    runs_end(files, 2)
    assert not is_there(files, address)
    assert not files._deferred_callables
