"""The sentences and the figures of the pages, a file for each; what a page says is decided here."""
