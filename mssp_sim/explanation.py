"""The result in words: one outcome sentence, four tiles, the bridge, what is under the pictures."""

import re
from dataclasses import dataclass
from typing import Literal

from mssp_sim.figures import (
    change,
    millions,
    minimum_digits,
    minimum_rate,
    money,
    needed_digits,
    percent,
    plain,
    points,
    rounded,
    score,
)
from mssp_sim.parameters import TRACKS
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.simulation import Result, State, first_performance_year

Tone = Literal["earned", "owed", "left", "plain"]
NO_MONEY = "No money changes hands."
TAKES_THE_ROUNDING = " so that the rows add up as shown"
"""Why Medicare's part may be shown otherwise than it rounds."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the four figures on top: label, field term, value, a note in a few words."""

    label: str
    term: str
    value: str
    note: str
    tone: Tone = "plain"
    note_tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the dollar bridge: ``kind`` is what the bar looks like."""

    label: str
    dollars: float
    shown: str
    kind: Literal["total", "medicare", "lost", "small", "earned", "owed"]


def outcome(result: Result) -> str:
    """Return what happened, in one sentence; a second one for an ACO under the minimum size."""
    sentence = _SENTENCES[result.state](result)
    people = float(result.scenario.assigned_beneficiaries)
    smallest = result.rules.minimum_assigned_beneficiaries
    if people < smallest:
        fixed = result.two_sided and people >= result.rules.people_for_chosen_minimum
        sets = "your fixed minimum stays" if fixed else "the table by size sets your minimum"
        sentence += (
            f" With {plain(people, 0)} people you are under the program's minimum of "
            f"{plain(smallest, 0)}: {sets}, and CMS may ask for a plan to grow."
        )
    return sentence


def _beat(r: Result) -> str:
    digits = needed_digits(percent, r.savings_rate, r.minimum_savings_rate)
    if r.minimum_savings_rate and percent(r.savings_rate) == percent(r.minimum_savings_rate):
        return f"You beat the target by {percent(r.savings_rate, digits)}"
    return f"You beat the target by {percent(r.savings_rate)}"


def _keep(r: Result) -> str:
    share = f"you keep {percent(r.final_sharing_rate)} of {money(r.gross_savings)}"
    if r.sequestration:
        return f"{share}; after sequestration that is {money(r.shared_savings)}."
    return f"{share}, which is {money(r.shared_savings)}."


def _why_full(r: Result) -> str:
    s = r.scenario
    if s.quality_standard_met is None and r.deemed:
        if bool(first_performance_year(s)):
            return " and, in the first year of a first agreement, reporting quality is enough"
        return " and the reporting incentive meets the quality standard"
    if r.rules.score_scales_the_full_share:
        return f" and your quality score of {score(float(s.quality_score))} scales your share"
    return " and met the full quality standard"


def _full(r: Result) -> str:
    return f"{_beat(r)}{_why_full(r)}: {_keep(r)}"


def _partial(r: Result) -> str:
    return f"{_beat(r)} but {_missed(r)}, so {_fell(r)}."


def _missed(r: Result) -> str:
    own = float(r.scenario.quality_score)
    short = r.quality_performance_standard - own
    if short <= 0:
        return "CMS says you missed the full quality standard"
    digits = needed_digits(score, own, r.quality_performance_standard)
    return f"missed the full quality standard by {points(short, digits)}"


def _fell(r: Result) -> str:
    digits = needed_digits(percent, r.sharing_rate, r.final_sharing_rate)
    return (
        f"your share fell from {percent(r.sharing_rate, digits)} "
        f"to {percent(r.final_sharing_rate, digits)}"
    )


def _neither(r: Result) -> str:
    saved = f"You saved {money(r.gross_savings)} and earn nothing"
    partial_pays = r.rules.alternative_standard_pays
    if r.standard_met or (r.scenario.alternative_standard_met and partial_pays):
        return f"{saved}: your share goes by the quality score, and the score is 0.0."
    if not partial_pays:
        return f"{saved}: the quality standard was not met."
    return f"{saved}: neither quality standard was met."


def _payment_limit(r: Result) -> str:
    limit = r.performance_payment_limit / r.benchmark_total
    quality = _why_full(r) if r.standard_met else f" but {_missed(r)}"
    return (
        f"{_beat(r)}{quality}; the limit of {percent(limit, 0)} of target "
        f"stops it at {money(r.shared_savings)}."
    )


def _against_minimum(r: Result, rate: float) -> tuple[str, str]:
    digits = needed_digits(percent, rate, r.minimum_savings_rate)
    return percent(rate, digits), minimum_rate(r.minimum_savings_rate, digits)


def _under_minimum(r: Result) -> str:
    own, minimum = _against_minimum(r, r.savings_rate)
    return (
        f"You saved {money(r.gross_savings)} ({own}), less than the {minimum} minimum. {NO_MONEY}"
    )


def _half_rate(r: Result) -> str:
    own, minimum = _against_minimum(r, r.savings_rate)
    start = f"You saved {money(r.gross_savings)} ({own}), less than the {minimum} minimum"
    if r.final_sharing_rate <= 0:
        return f"{start}; half a share is open to you, but no quality standard was met."
    return (
        f"{start}; as a low-revenue ACO you still keep half your share, "
        f"{percent(r.final_sharing_rate)}: {money(r.shared_savings)}."
    )


def _on_target(_: Result) -> str:
    return f"Your spending met the target to the dollar. {NO_MONEY}"


def _inside(r: Result) -> str:
    own, minimum = _against_minimum(r, -r.savings_rate)
    return (
        f"You overspent by {money(-r.gross_savings)} ({own}), less than the {minimum} "
        f"at which losses count. {NO_MONEY}"
    )


def _one_sided(r: Result) -> str:
    return (
        f"You overspent by {money(-r.gross_savings)} ({percent(-r.savings_rate)}). "
        f"{contract(r.scenario.level)} is one-sided: you owe nothing."
    )


def _two_sided(r: Result) -> str:
    own, minimum = _against_minimum(r, -r.savings_rate)
    past = f"You overspent by {own}. Once past {minimum} the charge counts from the first dollar: "
    return past + _owe(r)


def contract(level: str) -> str:
    """Return a contract's name in a sentence."""
    return f"Track {level}" if level in TRACKS else f"Contract {level}"


def _owe(r: Result) -> str:
    if not r.forgiven:
        return f"you owe {money(r.shared_losses)}."
    if rounded(r.shared_losses, 2) == 0:
        return f"{money(r.forgiven)}, all of it forgiven for the disaster."
    return f"you owe {money(r.shared_losses)} after {money(r.forgiven)} forgiven for the disaster."


def _loss_limit(r: Result) -> str:
    on_benchmark, on_revenue = (
        float(limit[r.scenario.level_number])
        for limit in (
            r.rules.loss_recoupment_limit_benchmark,
            r.rules.loss_recoupment_limit_revenue,
        )
    )
    whose = f"{percent(on_benchmark, 0)} of target"
    if r.loss_recoupment_limit < on_benchmark * r.benchmark_total * (1 - 1e-9):
        whose = f"{percent(on_revenue, 0)} of your participants' revenue"
    own, _ = _against_minimum(r, -r.savings_rate)
    return (
        f"You overspent by {own}; the limit of {whose} "
        f"stops the charge at {money(r.loss_recoupment_limit)}: {_owe(r)}"
    )


def _guardrail(r: Result) -> str:
    start = "The prospective trend alone would have cost you. Recalculated without it, "
    if r.gross_savings >= 0:
        return f"{start}you saved {money(r.gross_savings)}: you owe nothing and earn nothing."
    if rounded(r.shared_losses + r.forgiven, 2) == 0:
        return f"{start}you overspent by {percent(-r.savings_rate)}: you owe nothing."
    return f"{start}you still overspent by {percent(-r.savings_rate)}: {_owe(r)}"


_SENTENCES = {
    State.GUARDRAIL: _guardrail,
    State.OVERSPENT_AT_THE_LOSS_LIMIT: _loss_limit,
    State.OVERSPENT_TWO_SIDED: _two_sided,
    State.OVERSPENT_ONE_SIDED: _one_sided,
    State.OVERSPENT_INSIDE_THE_ZONE: _inside,
    State.ON_TARGET: _on_target,
    State.HALF_RATE: _half_rate,
    State.UNDER_THE_MINIMUM: _under_minimum,
    State.NEITHER_STANDARD: _neither,
    State.AT_THE_PAYMENT_LIMIT: _payment_limit,
    State.PARTIAL: _partial,
    State.FULL: _full,
}


def tiles(result: Result, baseline: Result) -> tuple[Tile, Tile, Tile, Tile]:
    """Return the four figures on top, each with a note against the baseline or the rule."""
    return (
        _earn_tile(result, baseline),
        _left_tile(result),
        _saved_tile(result),
        _share_tile(result, baseline),
    )


def owes(result: Result) -> bool:
    """Return whether the ACO pays Medicare."""
    return rounded(result.shared_losses, 2) > 0


def _earn_tile(r: Result, baseline: Result) -> Tile:
    tone: Tone = "owed" if owes(r) else "earned"
    note = against_baseline(r.payment - baseline.payment)
    if owes(r):
        return Tile("You owe", "shared losses", money(r.shared_losses), note, tone, tone)
    return Tile("You earn", "shared savings", money(r.shared_savings), note, tone, tone)


def against_baseline(difference: float) -> str:
    """Return a difference from the baseline in words, 20 characters at most for common sizes."""
    if rounded(difference, 2) == 0:
        return "same as baseline"
    return f"{money(abs(difference))} {'above' if difference > 0 else 'below'} baseline"


def _left_tile(r: Result) -> Tile:
    at_minimum, to_quality = millions(r.lost_at_the_minimum), millions(r.lost_to_quality)
    value = money(r.left_on_the_table)
    if rounded(r.left_on_the_table, 2) == 0:
        nothing = "nothing left" if r.payment > 0 else "no payment to lose"
        return Tile("Left on the table", "", value, nothing)
    if not to_quality:
        note = "lost at the minimum"
    elif not at_minimum:
        note = "all lost to quality"
    else:
        note = f"${to_quality}M to quality"
    return Tile("Left on the table", "", value, note, "plain", "left")


def _saved_tile(r: Result) -> Tile:
    if r.gross_savings < 0:
        own, minimum = _against_minimum(r, -r.savings_rate)
        inside = r.state == State.OVERSPENT_INSIDE_THE_ZONE
        note = (
            f"{own}, {'inside' if inside else 'past'} {minimum}"
            if r.two_sided
            else f"{own}, one-sided"
        )
        return Tile("Overspent", "gross losses", money(-r.gross_savings), note)
    own, minimum = _against_minimum(r, r.savings_rate)
    cleared = r.savings_rate >= r.minimum_savings_rate - 1e-9
    note = f"{own}, {'clears' if cleared else 'under'} {minimum}"
    return Tile("Saved", "gross savings", money(r.gross_savings), note)


def _share_tile(r: Result, baseline: Result) -> Tile:
    if owes(r) or (r.gross_savings < 0 and r.two_sided):
        rules, at = r.rules, r.scenario.level_number
        moves = rules.shared_loss_rate_floor[at] != rules.shared_loss_rate_ceiling[at]
        note = "moves with quality" if moves else "whatever the quality"
        return Tile("Your share of losses", "loss rate", percent(r.shared_loss_rate), note)
    difference = r.final_sharing_rate - baseline.final_sharing_rate
    note = "same as baseline"
    if abs(difference) >= 0.0005:  # noqa: PLR2004
        note = f"{points(difference)} {'higher' if difference > 0 else 'lower'}"
    return Tile("Your share", "sharing rate", percent(r.final_sharing_rate), note)


def bridge(result: Result) -> tuple[Part, ...]:
    """Return the rows of the dollar bridge; the parts add up as shown.

    Medicare's part takes the rounding, so that the other rows keep theirs.
    """
    r = result
    if r.gross_savings < 0:
        carried = millions(-r.gross_savings) - millions(r.shared_losses)
        return (
            Part("Overspent", -r.gross_savings, money(-r.gross_savings), "total"),
            Part(
                "Medicare carries",
                -r.gross_savings - r.shared_losses,
                f"−${carried:,}M" if carried else "$0.0M",
                "medicare",
            ),
            Part("You owe", r.shared_losses, money(r.shared_losses), "owed"),
        )
    cut = r.sequestration / (r.gross_savings * r.final_sharing_rate) if r.sequestration else 0.0
    others = (
        Part("Lost at the minimum", r.lost_at_the_minimum, _taken(r.lost_at_the_minimum), "lost"),
        Part("Lost to quality", r.lost_to_quality, _taken(r.lost_to_quality), "lost"),
        Part("Above the limit", r.above_limit, _taken(r.above_limit), "small"),
        Part(
            f"Sequestration {percent(cut, 0)}" if cut else "Sequestration",
            r.sequestration,
            _taken(r.sequestration),
            "small",
        ),
    )
    rest = millions(r.gross_savings) - millions(r.shared_savings)
    rest -= sum(millions(part.dollars) for part in others)
    shown = "$0.0M" if rest == 0 else f"{'−' if rest > 0 else '+'}${abs(rest):,}M"
    return (
        Part("Saved", r.gross_savings, money(r.gross_savings), "total"),
        Part("Medicare's part", r.medicare_part, shown, "medicare"),
        *others,
        Part("You earn", r.shared_savings, money(r.shared_savings), "earned"),
    )


def _taken(dollars: float) -> str:
    return "$0.0M" if millions(dollars) == 0 else f"−${millions(dollars):,}M"


def field_of(label: str) -> str:
    """Return which quantity a tile or a row of the bridge shows.

    Examples
    --------
    >>> field_of("You earn"), field_of("Sequestration 2%")
    ('shared_savings', 'sequestration')
    """
    return _FIELDS["Sequestration" if label.startswith("Sequestration") else label]


_FIELDS = {
    "You earn": "shared_savings",
    "You owe": "shared_losses",
    "Left on the table": "left_on_the_table",
    "Saved": "gross_savings",
    "Overspent": "gross_savings",
    "Your share": "final_sharing_rate",
    "Your share of losses": "shared_loss_rate",
    "Medicare's part": "medicare_part",
    "Medicare carries": "medicare_part",
    "Lost at the minimum": "lost_at_the_minimum",
    "Lost to quality": "lost_to_quality",
    "Above the limit": "above_limit",
    "Sequestration": "sequestration",
}


def bridge_title(result: Result) -> str:
    """Return the finding of the bridge."""
    if result.gross_savings < 0:
        if not owes(result):
            return f"Of {money(-result.gross_savings)} overspent, you owe nothing"
        return f"Of {money(-result.gross_savings)} overspent, you owe {money(result.shared_losses)}"
    if result.state == State.ON_TARGET:
        return "Nothing saved, nothing to share"
    if rounded(result.shared_savings, 2) == 0:
        return f"Of {money(result.gross_savings)} saved, nothing reaches you"
    return f"Of {money(result.gross_savings)} saved, {money(result.shared_savings)} reaches you"


def bridge_description(result: Result) -> str:
    """Return the bridge in one sentence, as shown."""
    r = result
    if r.gross_savings < 0:
        carried = millions(-r.gross_savings) - millions(r.shared_losses)
        note = f"{money(r.shared_losses)} from you + ${carried:,}M carried by Medicare."
        if rounded(r.avoidable_by_quality, 2) > 0:
            note += f" Better quality would have avoided {money(r.avoidable_by_quality)}."
        return note
    rest = millions(r.gross_savings) - millions(r.shared_savings)
    saved = f"{money(r.gross_savings)} saved"
    return f"{money(r.shared_savings)} to you + ${rest:,}M to Medicare = {saved}."


def curve_title(result: Result) -> str:
    """Return the finding of the payoff curve."""
    r = result
    if r.state == State.GUARDRAIL:
        return "The guardrail set the prospective trend aside"
    if owes(r):
        past = -r.savings_rate - r.minimum_loss_rate
        return f"{_points(past)} past the cliff: you owe {money(r.shared_losses)}"
    if r.state in (State.UNDER_THE_MINIMUM, State.HALF_RATE):
        short = r.minimum_savings_rate - r.savings_rate
        return f"{_points(short)} short of the minimum costs {money(r.lost_at_the_minimum)}"
    if rounded(r.lost_to_quality, 2) > 0:
        if r.standard_met:
            return f"A score below 100 costs {money(r.lost_to_quality)}"
        short = r.quality_performance_standard - float(r.scenario.quality_score)
        if short > 0:
            digits = needed_digits(
                score, r.quality_performance_standard, r.quality_performance_standard - short
            )
            missing = points(short, digits).replace(" point", " quality point")
            return f"{missing} short costs {money(r.lost_to_quality)}"
        return f"The missed quality standard costs {money(r.lost_to_quality)}"
    if r.state == State.AT_THE_PAYMENT_LIMIT:
        return f"The limit stops the payment at {money(r.shared_savings)}"
    if r.state == State.OVERSPENT_ONE_SIDED:
        return "One-sided: overspending costs you nothing"
    if r.state == State.ON_TARGET:
        return "Spending met the target"
    if r.payment > 0:
        return f"Full share of every dollar saved: {money(r.shared_savings)}"
    return "Inside the zone no money moves"


def _points(fraction: float) -> str:
    digits = needed_digits(score, fraction, 0.0)
    return points(fraction, digits)


ONLY_ABOVE = "not only the part above it"


def curve_description(result: Result) -> str:
    """Return the payoff curve in one or two sentences: where you are, what is next to you."""
    r = result
    where = f"{'Saving' if r.gross_savings >= 0 else 'Overspending'} {percent(abs(r.savings_rate))}"
    own = score(float(r.scenario.quality_score))
    if owes(r):
        stopped = r.state == State.OVERSPENT_AT_THE_LOSS_LIMIT
        end = f"up to the limit of {money(r.loss_recoupment_limit)}" if stopped else ONLY_ABOVE
        return (
            f"Past {minimum_rate(-r.minimum_loss_rate)} the whole overspend is charged at "
            f"{percent(r.shared_loss_rate)}, {end}."
        )
    if r.state in (State.UNDER_THE_MINIMUM, State.ON_TARGET):
        here, minimum = _against_minimum(r, r.savings_rate)
        return f"At {here} nothing is paid; from {minimum} on, every dollar saved counts."
    if r.state == State.HALF_RATE:
        minimum = minimum_rate(r.minimum_savings_rate)
        return f"{where} is under {minimum}: half the share is paid; from {minimum} on, the whole."
    if r.gross_savings < 0:
        if r.two_sided:
            edge = minimum_rate(r.minimum_loss_rate)
            return f"{where} is inside the zone; from {edge} on, all of it is charged."
        return (
            f"{contract(r.scenario.level)} is one-sided: the left half of the line stays at zero."
        )
    if r.state == State.GUARDRAIL:
        return "The line is drawn against the target with the prospective trend."
    pays = f"{where} pays {money(r.shared_savings)} at quality {own}"
    cushion = ""
    if r.payment > 0 and r.savings_rate > r.minimum_savings_rate > 0:
        minimum, digits = (
            minimum_rate(r.minimum_savings_rate),
            minimum_digits(r.minimum_savings_rate),
        )
        spare = r.savings_rate - r.minimum_savings_rate
        left = f"a cushion of {points(spare, digits)}, {money(spare * r.benchmark_total)}"
        if rounded(spare * 100, digits) == 0:
            left = "no cushion is left"
        cushion = f" The check holds down to {minimum} saved: {left}."
    if rounded(r.left_on_the_table, 2) > 0:
        full = money(r.shared_savings + r.left_on_the_table)
        return f"{pays}; the dashed line shows {full} at full quality.{cushion}"
    return f"{pays}; nothing is left on the table.{cushion}"


def lever_against_outcome(result: Result) -> str:
    """Return a sentence when the cut and the savings rate differ, else nothing."""
    cut = float(result.scenario.cost_reduction)
    if percent(cut) == percent(result.savings_rate):
        return ""
    own, _ = _against_minimum(result, result.savings_rate)
    return f"You cut {percent(cut)}; against the new target that is {own}."


def value_as_shown(name: str, scenario: Scenario) -> str:
    """Return a field's value as the screen shows it."""
    value, words = getattr(scenario, name), quantities()[name]
    if value is None:
        return "as given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "minimum_election":
        return "by size" if isinstance(value, str) else percent(value)
    if words.kind == "rate":
        return percent(value, 1)
    if words.kind == "score":
        return score(value, 1 if abs(value * 1000 - round(value * 1000)) < 1e-6 else 2)  # noqa: PLR2004
    if words.kind == "dollars":
        return f"${plain(value, 0)}"
    if words.kind == "count":
        return plain(value, 0)
    if words.kind == "ratio":
        return plain(value, 3)
    return "edited" if words.kind == "table" else str(value)


def in_labels(sentence: str) -> str:
    """Return a sentence of the core with the names of fields as the screen shows them.

    Examples
    --------
    >>> in_labels("quality_score is 1.2; it goes from 0 to 1")
    'Quality score is 1.2; it goes from 0 to 1'
    """
    return _FIELD.sub(lambda found: quantities()[found.group()].label, sentence)


_FIELD = re.compile(rf"\b({'|'.join(sorted(quantities(), key=len, reverse=True))})\b")


def change_in_words(name: str, scenario: Scenario, baseline: Scenario) -> str:
    """Return what changed in one field: its short name, before and after."""
    label = quantities()[name].label
    if quantities()[name].kind == "table":
        return f"{label} edited"
    before, after = value_as_shown(name, baseline), value_as_shown(name, scenario)
    return f"{label.removesuffix(' score')} {before} → {after}"


def read_out(result: Result, baseline: Result) -> tuple[str, str]:
    """Return the mini read-out of the rail: the result, and its distance from the baseline."""
    earn = (
        f"You owe {money(result.shared_losses)}"
        if owes(result)
        else f"You earn {money(result.shared_savings)}"
    )
    difference = result.payment - baseline.payment
    if rounded(difference, 2) == 0:
        return earn, "same as baseline"
    return earn, f"{change(difference)} against baseline"
