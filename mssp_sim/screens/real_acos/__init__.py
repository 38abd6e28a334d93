"""Real ACOs: the page, its words and its pictures."""
