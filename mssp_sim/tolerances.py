"""How near two numbers are one, of what and in which unit.

The rule's own tolerances stand with the rule, in ``mssp_sim.rules``; what CMS's files may be off
by stands with their reader.
"""

CENT = 0.01
"""Dollars: less than this is no money."""

HALF_CENT = 0.005
"""Dollars: two amounts nearer than this are the same cent."""

SAME_DOLLARS = 1e-6
"""Dollars within which two payments of one settlement are one."""

SAME_RATE = 1e-9
"""A fraction: two rates, shares or scores nearer than this are one."""

NOISE = 1e-12
"""A fraction: what binary arithmetic leaves of a difference of two equal rates or ratios."""

PART_OF_AMOUNT = 1e-9
"""A part of an amount in dollars: two amounts nearer than this are one."""

PART_OF_STEP = 1e-9
"""A part of a slider's step: a value so near a place of the slider stands on it."""

BESIDE = 1e-6
"""A fraction: how far beside an edge, a rate or a score, its other side is settled."""

SHARES_TO_ONE = 1e-6
"""A fraction: how far the sum of shares by enrollment type may be from 1."""

LAST_DIGIT = 1e-6
"""A part of the last digit shown: what is left below it is not shown."""

PER_PERSON = 1e-9
"""Dollars a person-year: an adjustment that exceeds its cap by less than this is not cut."""

ON_PAPER = 1e-9
"""Units of a picture's axis: a mark nearer than this to an edge or to another stands on it."""

ON_AXIS = 1e-6
"""Units of a picture's axis: a difference below this is not drawn."""
