"""The year that runs: the page, its words and its pictures."""
