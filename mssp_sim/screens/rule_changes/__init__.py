"""Rule changes: the page, its ACOs and its pictures."""
