"""What another rulebook moves: from one payment to the other, a bar for each provision."""

from mssp_sim.charts.moved import Moving, moved
from mssp_sim.charts.theme import Picture, Theme
from mssp_sim.words.rule_changes import Own, bars, describe, ends

IN_FORCE, PROPOSED = "In force", "Proposed, not in force"


def rule_effects(own: Own, theme: Theme) -> Picture:
    """Return the bridge from the payment under the old rules to that under the new.

    What is only proposed stands under a head that says so.
    """
    one, two = ends(own)
    names, (before, after) = own.names, own.payments
    rows = [Moving(names.old_label, names.old_short, before, one, "total")]
    found = bars(own)
    some = any(bar.proposed for bar in found)
    for head, proposed in ((IN_FORCE, False), (PROPOSED, True)):
        group = [bar for bar in found if bar.proposed == proposed]
        if some and group:
            rows.append(Moving(head, head, 0.0, "", "group"))
        rows += [Moving(b.label, b.short, b.dollars, b.shown, "change") for b in group]
    rows.append(Moving(names.new_label, names.new_short, after, two, "total"))
    return moved(rows, theme, describe(own))
