"""Myth lab: the page, its words and its pictures."""
