"""Spending target: the page, its words and its pictures."""
