"""Check yourself: the page, its words and its pictures."""
