"""A seat in a live room: the question, the bet, the levers, and "you" after Reveal."""

from mssp_sim.app import room


def draw() -> None:
    """Put a seat on the page."""
    if not room.on():
        room.off()
        return
