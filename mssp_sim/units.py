"""Names for quantities: they cost nothing at run time and say what a number is."""

from typing import Any, TypeAlias

from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

# Each of these is one number or an array of them, which types cannot tell apart: a batch of
# scenarios goes through the same functions as a single one. The names say what it counts.
Dollars: TypeAlias = Any
Fraction: TypeAlias = Any
Ratio: TypeAlias = Any
Persons: TypeAlias = Any
Months: TypeAlias = Any
Claim: TypeAlias = Any
Field: TypeAlias = Any

TYPES = ("ESRD", "Disabled", "Aged/dual", "Aged/non-dual")
"""The four Medicare enrollment types, in the order of the last axis everywhere."""

TYPE_WORDS = ("esrd", "disabled", "aged_dual", "aged_non_dual")
"""The same as part of a column's name."""

BENCHMARK_YEARS = ("BY1", "BY2", "BY3")
"""The three benchmark years, in the order of the axis before the last."""
