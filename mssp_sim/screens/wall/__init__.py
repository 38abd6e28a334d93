"""The wall of a live room: what the projector shows."""
