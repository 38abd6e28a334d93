"""The 45,000-life story: the page, its words and its pictures."""
