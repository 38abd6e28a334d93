"""A seat in a live room: the question, the bet, the levers, and "you" after Reveal."""

from mssp_sim.app import room


def draw() -> None:
    """Put a seat on the page."""
    if not room.on():
        room.off()
        return
    from mssp_sim.screens.join import seat_section  # noqa: PLC0415  (only where rooms are on)

    seat_section.draw()
