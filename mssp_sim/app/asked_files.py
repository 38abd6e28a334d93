"""Files that a click asks for: made of what stands at the click, and there until fetched."""

import time
from collections.abc import Callable
from threading import Condition
from typing import Literal

import streamlit as st
from streamlit.runtime import runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorage

ASKED = "asked_{}"


class FileAsked:
    """The file of one button, as the run that hears the click makes it.

    A click sends what is typed, starts a run and asks for the file, all at once. The file is made
    beside that run, and waits until it has drawn the button anew.
    """

    HEARD_WITHIN = 20.0
    """Seconds; a file whose click was not heard is not made, and its button says so."""

    def __init__(self) -> None:
        self._turn = Condition()
        self._make: Callable[[], bytes] | None = None
        self._heard = self._drawn = False

    def hear(self) -> None:
        """Take note of a click; called before its run."""
        with self._turn:
            self._heard, self._drawn = True, False

    def draw(self, make: Callable[[], bytes]) -> None:
        """Take what makes the file from now on; called by each run that draws the button."""
        with self._turn:
            self._make = make
            if self._heard:
                self._heard, self._drawn = False, True
                self._turn.notify_all()

    def __call__(self) -> bytes:
        """Return the file.

        Raises
        ------
        TimeoutError : the click was not heard
        """
        with self._turn:
            if not self._turn.wait_for(lambda: self._drawn, self.HEARD_WITHIN) or not self._make:
                raise TimeoutError("The click on a file did not arrive")
            self._drawn, make = False, self._make
        return make()


def offer(
    label: str,
    make: Callable[[], bytes],
    file: str,
    kind: str,
    *,
    key: str,
    help: str | None = None,  # noqa: A002  (Streamlit's word)
    look: Literal["secondary", "tertiary"] = "tertiary",
) -> None:
    """Put a button on the page that makes a file of what stands when it is clicked."""
    asked: FileAsked = st.session_state.setdefault(ASKED.format(key), FileAsked())
    asked.draw(make)
    st.download_button(
        label, asked, file, kind, key=key, on_click=asked.hear, help=help, type=look
    )  # fmt: skip


class LastingFiles(MediaFileManager):
    """Streamlit's files, kept for a while after the last run that showed them.

    Streamlit throws away what no run shows whenever a run of any visitor ends: where many visit,
    a file that a click had made was gone before the browser came for it, and so was what makes a
    file while its own visitor's run was under way.
    """

    KEPT_FOR = 20.0
    """Seconds, at least."""

    def __init__(self, storage: MediaFileStorage) -> None:
        super().__init__(storage)
        self._swept = time.monotonic()
        self._unseen: set[str] = set()

    def remove_orphaned_files(self) -> None:
        """Throw away what no run has shown for a while."""
        if time.monotonic() - self._swept >= self.KEPT_FOR:
            self._swept = time.monotonic()
            super().remove_orphaned_files()

    def _remove_orphaned_deferred_callables(self) -> None:
        shown = {
            file_id
            for files in self._files_by_session_and_coord.values()
            for file_id in files.values()
        }
        unseen = self._deferred_callables.keys() - shown
        for file_id in unseen & self._unseen:
            self._drop_deferred_id(file_id)
        self._unseen = unseen


def keep_for_a_while() -> None:
    """Let the server keep files longer; called before it starts."""
    runtime.MediaFileManager = LastingFiles  # type: ignore[attr-defined]
