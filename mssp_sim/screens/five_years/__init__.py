"""Five years: the page, its words and its pictures."""
