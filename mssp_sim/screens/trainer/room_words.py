"""The debrief of a live room in sentences: what moved the money, luck and choice, what was hard."""

from decimal import Decimal

from mssp_sim.figures import as_shown, change, money, percent, shares_as_shown
from mssp_sim.rooms.autumns import Season
from mssp_sim.rooms.debrief import Hard, MovedInRoom
from mssp_sim.scenario import quantities


def moved_in_room(found: MovedInRoom) -> str:
    """Return what moved the money from the median seat to the best, adding up as shown."""
    moved = found.moved
    ends = f"Question {found.round}: the median seat got {money(moved.before)}, the best "
    if not moved.changes or money(moved.before) == money(moved.after):
        return f"{ends}{money(moved.after)}."
    parts = shares_as_shown([one.dollars for one in moved.changes], moved.after, moved.before)
    said = [
        f"{' and '.join(quantities()[name].label for name in one.fields)} {change(part)}"
        for one, part in zip(moved.changes, parts, strict=True)
        if change(part) != change(0.0)
    ]
    total = change(as_shown(moved.after, moved.before))
    return f"{ends}{money(moved.after)}. What made {total}: {'; '.join(said)}."


def luck_against_choice(season: Season) -> str:
    """Return how far the teams were apart by choice, and what the same luck gave each."""
    best, last = season.teams[0], season.teams[-1]
    return (
        f"Five autumns, best team: {_added(best.choice, best.result)} "
        f"Last team: {_added(last.choice, last.result)}"
    )


def _added(choice: Decimal, result: Decimal) -> str:
    luck = as_shown(float(result), float(choice))
    return f"choice {money(float(choice))}, luck {change(luck)}, together {money(float(result))}."


def hard(found: Hard) -> str:
    """Return a question the room found hard, and what it believed."""
    said = f"Question {found.round}, {percent(found.right, 0)} right: {found.words}"
    if found.believed:
        said += f" Most who missed it said: {found.believed}. {found.why_so}"
    return said.strip()
