"""The program on one page: the page, its words and its pictures."""
