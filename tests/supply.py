"""What the pinned packages say about themselves."""

import importlib.metadata
import re

from tests.conftest import ROOT

PIN = re.compile(r"([a-z0-9_.-]+)==([^\s;]+)")


def pins() -> dict[str, str]:
    """Return each package of requirements.txt with its version."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return dict(found.groups() for found in map(PIN.match, lines) if found)


def license_of(package: str) -> str:
    """Return the license an installed package names: its expression, its field, or its class."""
    said = importlib.metadata.metadata(package)
    field = (said.get("License") or "").strip()
    classes = [
        name.rpartition(" :: ")[2]
        for name in said.get_all("Classifier", [])
        if name.startswith("License ::")
    ]
    short = field if field and "\n" not in field and len(field) < 40 else ""
    return said.get("License-Expression") or short or " or ".join(sorted(classes))
