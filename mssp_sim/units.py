"""Names for quantities: they cost nothing at run time and say what a number is."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Dollars: TypeAlias = float | NDArray[np.float64]
Fraction: TypeAlias = float | NDArray[np.float64]
Ratio: TypeAlias = float | NDArray[np.float64]
Persons: TypeAlias = float | NDArray[np.float64]
Claim: TypeAlias = bool | NDArray[np.bool_]

TYPES = ("ESRD", "Disabled", "Aged/dual", "Aged/non-dual")
"""The four Medicare enrollment types, in the order of the last axis everywhere."""

BENCHMARK_YEARS = ("BY1", "BY2", "BY3")
"""The three benchmark years, in the order of the axis before the last."""
