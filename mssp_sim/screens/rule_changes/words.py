"""What only the page of rule changes says: the offers, the file, the table by provision."""

import datetime as dt

from mssp_sim.figures import change
from mssp_sim.parameters import UnpublishedError
from mssp_sim.provisions import PROPOSED, Provisions
from mssp_sim.studies.rulebooks import MINE, OWN, Choice, pairs, short_title
from mssp_sim.studies.rules_on_many import ManyAcos
from mssp_sim.words.rule_changes import Own, marked, provisions, shown_by_provision
from mssp_sim.words.rules_on_many import moves, of_all

ABOUT_FILES = (
    "A provision file holds values that are not in force, such as a rule that is only proposed. "
    "It is a small text in TOML, and everything that comes from it is marked as proposed."
)
LOST = (
    "This link was made with a provision file of its maker, which no link holds. Drop the file "
    "here to see it again; until then the rules in force are shown."
)
NOTHING_DIFFERS = "–"
TO_SEE_IT = "To see it, choose what is proposed."
IF_UNCHANGED = ", if what is not published yet stays as it was"


def unreadable(fault: str) -> str:
    """Return what the page says of a part of a link it cannot use."""
    return f"This part of the link could not be used: {fault}. The usual rulebooks are shown."


def loading(year: int) -> str:
    """Return what the page says while the ACOs of a year are loaded."""
    return f"Loading the ACOs of {year}, once: it takes some seconds"


def refused(fault: Exception) -> str:
    """Return why two rulebooks cannot be compared, as a whole sentence."""
    said = str(fault)
    if isinstance(fault, UnpublishedError):
        said += ": choose another year"
    return said if said.endswith(".") else f"{said}."


def offers(mine: Provisions | None, free: str) -> dict[str, str]:
    """Return what can be chosen, by key, with its label; what is not in force says so."""
    found = {key: pair.label for key, pair in pairs().items()}
    if mine is not None:
        found[MINE] = f"{PROPOSED.capitalize()}: your file"
    return found | {free: "Choose two"}


def file_label(title: str) -> str:
    """Return a provision file as a choice: what it is called, and that it is only proposed."""
    return f"{short_title(title)} ({PROPOSED})"


def own_or(value: int | dt.date | str, what: str) -> str:
    """Return a performance year or a start as a choice; ``OWN`` leaves each its own."""
    if value == OWN:
        return f"own {what}"
    if isinstance(value, dt.date):
        return f"{value.year}" if value.month == 1 else f"{value:%B %Y}"
    return str(value)


def lost_file(choice: Choice, mine: bytes) -> str:
    """Return that the file of a link is not here, where it is not."""
    return LOST if choice.file == MINE and not mine else ""


def provision_rows(own: Own | None, many: ManyAcos | None) -> list[dict[str, str]]:
    """Return every provision that differs: its values, and what it moves for you and for all."""
    together = {e.provision: e for e in (many.found.effects if many and many.found else ())}
    head = f"All ACOs of {many.year}" if many else "All ACOs"
    differing = provisions(own) if own else []
    known = {effect.provision for effect, _ in differing}
    worth = shown_by_provision(own) if own else {}
    listed = [(e, values, worth[e.provision]) for e, values in differing]
    listed += [
        (effect, NOTHING_DIFFERS, NOTHING_DIFFERS)
        for effect in together.values()
        if effect.provision not in known and moves(effect)
    ]
    return [
        {
            "Provision": marked(e),
            "Old → new": values,
            "You": yours,
            head: change(of_all(together[e.provision]))
            if e.provision in together
            else NOTHING_DIFFERS,
        }
        for e, values, yours in listed
    ]
