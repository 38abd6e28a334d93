"""A ZIP archive from other people: whatever is wrong with it ends in one sentence."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from mssp_sim.tables.error import TableError

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, IndexError)
"""What reading a damaged or locked archive raises.

A place before the start of the file and a name in no encoding are a ``ValueError``, an empty name
is an ``IndexError``, a password is a ``RuntimeError``.
"""

_USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that are read; others ask for memory before they unpack anything."""


@contextmanager
def opened(content: bytes, damaged: str, file: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive; what its bytes make fail inside the block is one ``TableError``.

    Parameters
    ----------
    content : the archive
    damaged : the sentence for one that cannot be read
    file : its name, for the sentence

    Source: ours
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(part.compress_type not in _USUAL for part in archive.infolist()):
                what = "this is an archive that is packed in an unusual way; unpack it first"
                raise TableError(what, file=file)
            yield archive
    except TableError:
        raise
    except _DAMAGED:
        raise TableError(damaged, file=file) from None
