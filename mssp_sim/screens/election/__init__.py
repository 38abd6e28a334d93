"""Election: which contract, which minimum, now or later, and with whom."""
