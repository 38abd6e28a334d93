"""Executive view: the page, its words and its pictures."""
