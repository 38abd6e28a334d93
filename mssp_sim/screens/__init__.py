"""A room for each page: what changes with a page lies in its folder. No room imports another."""
