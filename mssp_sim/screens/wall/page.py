"""The wall of a live room, for the last row: seats, answers, and after Reveal what they were."""

from mssp_sim.app import room


def draw() -> None:
    """Put the wall on the page."""
    if not room.on():
        room.off()
        return
    from mssp_sim.screens.wall import wall_section  # noqa: PLC0415  (only where rooms are on)

    wall_section.draw()
