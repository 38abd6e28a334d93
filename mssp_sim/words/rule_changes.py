"""Rule changes in words: old beside new, who gains and who loses, the effect by provision."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from mssp_sim.figures import whole_dollars
from mssp_sim.provisions import PROPOSED
from mssp_sim.studies.rule_changes import Comparison, by_group


def report(found: Comparison, levels: Sequence[str], left_out: int) -> str:
    """Return a comparison as lines of text; what is only proposed or assumed stands first.

    Parameters
    ----------
    found : a comparison
    levels : the contract of each row
    left_out : ACOs of the file that could not be loaded

    Source: ours
    """
    change = np.atleast_1d(found.change)
    lines = list(found.notes)
    lines += [
        f"Payment under the rules of today: {whole_dollars(float(np.sum(found.before)))}",
        f"Payment under the other rules: {whole_dollars(float(np.sum(found.after)))}",
        f"Difference: {whole_dollars(float(np.sum(change)))}",
    ]
    for effect in found.effects:
        mark = f" ({PROPOSED})" if effect.proposed else ""
        lines.append(f"  {effect.provision}{mark}: {whole_dollars(float(np.sum(effect.dollars)))}")
    if not found.exact:
        lines.append("The split by provision is averaged over some orders, not over all.")
    if len(levels) > 1:
        lines += [
            f"{group.group}: {group.acos} ACOs, {group.gain} gain, {group.lose} lose, "
            f"{whole_dollars(group.after - group.before)}"
            for group in sorted(by_group(levels, found), key=lambda group: group.group)
        ]
    if left_out:
        lines.append(f"{left_out} of {left_out + len(levels)} ACOs could not be loaded.")
    return "\n".join(lines)


def table(names: Sequence[str], found: Comparison) -> str:
    """Return a comparison as CSV: a row a scenario, its payments and the effect of each provision.

    Source: ours
    """
    heads = [
        f"{effect.provision} ({PROPOSED})" if effect.proposed else effect.provision
        for effect in found.effects
    ]
    columns = [found.before, found.after, found.change, *(e.dollars for e in found.effects)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "payment_before", "payment_after", "change", *heads])
    for row, name in enumerate(names):
        safe = f"'{name}" if name[:1] in "=+-@\t" else name
        writer.writerow([safe, *(f"{np.atleast_1d(column)[row]:.2f}" for column in columns)])
    return out.getvalue()
