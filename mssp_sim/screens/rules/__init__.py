"""Rules and sources: the page, its words and its pictures."""
