"""Steps A to W and the settlement of a year that runs, by the rule alone and in plain numbers.

Written from the arithmetic of CMS's estimate and of 42 CFR Part 425; it knows neither the reader
nor the engine, and lists of four are ESRD, disabled, aged/dual, aged/non-dual.
"""

import itertools

TYPES = range(4)
SIZES = [(500, 0.122), (999, 0.087), (1_000, 0.087), (2_999, 0.050), (3_000, 0.050),
         (4_999, 0.039), (5_000, 0.039), (5_999, 0.036), (6_000, 0.036), (6_999, 0.034),
         (7_000, 0.034), (7_999, 0.032), (8_000, 0.032), (8_999, 0.031), (9_000, 0.031),
         (9_999, 0.030), (10_000, 0.030), (14_999, 0.027), (15_000, 0.027), (19_999, 0.025),
         (20_000, 0.025), (49_999, 0.022), (50_000, 0.022), (59_999, 0.020)]  # fmt: skip
HIGHEST = {"A": 0.4, "B": 0.4, "C": 0.5, "D": 0.5, "E": 0.5, "ENHANCED": 0.75}
LOSS_LIMITS = {"C": (0.02, 0.01), "D": (0.04, 0.02), "E": (0.08, 0.04)}
STANDARD = {2024: 0.7705, 2025: 0.767, 2026: 0.7385}


def by_size(people):
    """Return the minimum of 425.605(b)(1), on straight lines between the table's points."""
    if people <= SIZES[0][0]:
        return SIZES[0][1]
    for (low, at_low), (high, at_high) in itertools.pairwise(SIZES):
        if low <= people <= high:
            return at_low + (at_high - at_low) * (people - low) / (high - low)
    return SIZES[-1][1]


def minimum(level, people, chosen):
    """Return whether a fixed minimum holds, and the minimum."""
    fixed = level not in ("A", "B") and chosen is not None and people >= 5_000
    return fixed, chosen if fixed else by_size(people)


def steps(x, level, chosen):
    """Return steps C to W; ``x`` holds A, B, D, E, G, H, J, L, N, N in all, Q, S by letter."""
    found = {key: [] for key in "CFIKMO"}
    for t in TYPES:
        c, f = x["B"][t] / x["A"][t], x["E"][t] / x["D"][t]
        i = c * x["G"][t] + f * x["H"][t]
        k = 2 * i / 3 + x["J"][t] / 3
        for key, value in zip("CFIKMO", (c, f, i, k, k * x["L"][t], x["N"][t] / x["N in all"]),
                              strict=True):  # fmt: skip
            found[key].append(value)
    p = sum(o * m for o, m in zip(found["O"], found["M"], strict=True))
    r = (p - x["Q"]) / p
    fixed, u = minimum(level, x["S"], chosen)
    return {**found, "P": p, "R": r, "T": "fixed" if fixed else "by size", "U": u,
            "V": x["Q"] < p, "W": r >= u and r > 0}  # fmt: skip


def settled(x, *, year, level, chosen, first_year, score, partial, revenue_share, person_years):
    """Return the payment, negative where it is owed, at the figures so far and risk unchanged.

    Agreements from 2024 on: the prospective trend weighs 1/3, in 2024 1/6; the guardrail; half the
    rate under the minimum for a BASIC ACO of low revenue; 2% sequestration before the limit.
    """
    weight = 1 / 6 if year == 2024 else 1 / 3
    people = sum(x["N"])
    both = two_way = 0.0
    for t in TYPES:
        i = x["B"][t] / x["A"][t] * x["G"][t] + x["E"][t] / x["D"][t] * (1 - x["G"][t])
        share = x["N"][t] / people
        two_way += share * x["L"][t] * i
        both += share * x["L"][t] * (i * (1 - weight) + x["J"][t] * weight)
    target, other, spent = (each * person_years for each in (both, two_way, x["Q"]))
    _, rate = minimum(level, x["S"], chosen)
    one_sided = level in ("A", "B")
    guarded = False
    if spent - target >= rate * target and other > target:
        guarded, target = True, other
    saved = target - spent
    if saved > 0 and not guarded:
        met = first_year or score >= STANDARD[year]
        share = HIGHEST[level] * (1 if met else score if partial else 0)
        if saved < rate * target:
            low = level != "ENHANCED" and revenue_share < 0.35 and x["S"] >= 5_000
            share = share / 2 if low else 0
        limit = (0.2 if level == "ENHANCED" else 0.1) * target
        return min(saved * share * 0.98, limit), both, saved
    if saved < 0 and not one_sided and -saved >= rate * target:
        if level == "ENHANCED":
            met = first_year or score >= STANDARD[year] or partial
            loss_rate = max(0.4, min(0.75, 1 - 0.75 * score)) if met else 0.75
            limit = 0.15 * target
        else:
            loss_rate = 0.3
            on_revenue, on_target = LOSS_LIMITS[level]
            limit = min(on_revenue * revenue_share * spent, on_target * target)
        return -min(-saved * loss_rate, limit), both, saved
    return 0.0, both, saved
