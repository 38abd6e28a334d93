"""Corridor and contract: the page, its words and its pictures."""
