"""Attribution: the page, its words and its pictures."""
