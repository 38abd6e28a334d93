"""A seat in a live room: the page of a phone."""
