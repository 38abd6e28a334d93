"""Trainer desk: the page, its words and its pictures."""
