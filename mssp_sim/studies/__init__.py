"""What to decide: what moved the money, what comes next, what it takes, what each trade pays.

Every question is one batch of scenarios for the engine, never a loop over it.
"""
