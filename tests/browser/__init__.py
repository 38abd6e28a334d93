"""The app as a visitor sees it, in a real browser."""
