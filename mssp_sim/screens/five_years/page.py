"""The parts of Five years: what each year pays, the next target, years to edit, program cost."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from mssp_sim.app import session, show
from mssp_sim.charts.theme import Picture
from mssp_sim.cms_files import finding
from mssp_sim.figures import money, whole_dollars
from mssp_sim.quantity import PERFORMANCE_YEARS
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario, quantities
from mssp_sim.screens.five_years import figures, words
from mssp_sim.screens.five_years import pictures as charts
from mssp_sim.studies.advances import (
    Investment,
    investment_paid,
    lacking_for_investment,
    lacking_for_prepaid,
    newest_rules,
)
from mssp_sim.studies.agreement import (
    CELLS,
    GLIDE_PATH,
    NO_PAST,
    STAY,
    Agreement,
    Past,
    PlanError,
    Year,
    YearPlan,
    agreement,
    levels,
    past_of,
    read_plan,
    with_cell,
    write_plan,
    years,
)
from mssp_sim.studies.program_cost import (
    MOST_ADVANCE,
    MOST_PER_PERSON,
    MOST_SAVED,
    Net,
    ProgramCost,
    ProgramCostError,
    break_even,
    net,
    read_cost,
    write_cost,
)

PLACE, COSTS = "years", "costs"
KNOWN = "agreements"
OVER_ASSUMED = f"{words.ASSUMED}: rules of {PERFORMANCE_YEARS[1]}"
STEPS = {"cut": 0.1, "quality": 1.0}
PER_PERSON_STEP, ADVANCE_STEP, OWN_STEP = 10.0, 250_000.0, 5.0
COST_HELP = "What your program spends on each assigned person in a year to get its result."
OWN_HELP = (
    "For an ACO that owns a hospital or practices: the part of the spending you cut that would "
    "have been paid to yourselves. Yours to say; CMS publishes none."
)
MARGIN_HELP = (
    "The part of that revenue that is lost in the end, after the costs that fall with it. 100% "
    "counts all of it: staff and beds cost the same in the year."
)


def draw(result: Result, baseline: Result) -> None:
    """Put the page of five years on the screen."""
    scenario = result.scenario
    plan, five, fault = _followed(scenario)
    before = _settled("baseline", baseline.scenario, YearPlan())
    cost, cost_fault = _cost()
    results = [year.result for year in five.years]
    after = net(results, cost)
    show.sentence(words.headline(five), owed=sum(five.payment) < 0)
    for said in filter(None, (fault, cost_fault)):
        show.quiet(words.unreadable(said))
    if aco := session.aco():
        show.quiet(words.beside_cms(aco, five, finding.paid_by_cms(aco.aco_id)))
    show.tiles(figures.tiles(five, before))
    show.register(*figures.of_the_years(five))
    course_place, dollars_place = st.columns([3, 2], gap="medium")
    with course_place:
        course = _course(five)
    with dollars_place:
        dollars = _dollars(five, before, after if cost else None)
    even = break_even(scenario, cost) if cost.per_person else None
    if cost:
        show.register(figures.net_of_cost(after, cost, results))
        covered = tuple(year.year for year in five.years)
        st.markdown(show.escaped(words.costs(after, cost, covered, even)))
        if lacks := _lacking(cost, results):
            show.quiet(lacks)
    _controls(scenario, plan, cost, results)
    _editable(five, plan)
    show.quiet(" ".join((words.plan_in_words(plan, five), *words.notes(five))))
    show.data(("years", course), ("dollars by year", dollars), key="years_data")
    show.not_advice()


def _followed(scenario: Scenario) -> tuple[YearPlan, Agreement, str]:
    """Return the plan of this session, the years under it, and why another one is shown."""
    try:
        plan = read_plan(session.place(PLACE), len(years(scenario)))
        return plan, _settled("scenario", scenario, plan), ""
    except PlanError as fault:
        return YearPlan(), _settled("scenario", scenario, YearPlan()), str(fault)


def _settled(which: str, scenario: Scenario, plan: YearPlan) -> Agreement:
    """Return the years of a scenario, settled only when something is new."""
    asked = (scenario, plan, session.aco())
    return session.once(
        f"{KNOWN}_{which}", asked, lambda: agreement(scenario, plan, _past(scenario))
    )


def _past(scenario: Scenario) -> Past:
    """Return the earlier years of the agreement of the ACO on the desk, as CMS settled them."""
    aco = session.aco()
    if aco is None:
        return NO_PAST
    earlier = [year for year in years(scenario) if year < scenario.performance_year]
    return past_of(scenario, finding.scenarios(aco.aco_id, earlier))


def _cost() -> tuple[ProgramCost, str]:
    try:
        return read_cost(session.place(COSTS)), ""
    except ProgramCostError as fault:
        return ProgramCost(), str(fault)


def _course(five: Agreement) -> Picture:
    show.title(words.course_title(five))
    said = words.course_description(five)
    picture = charts.course(
        [_course_of(year) for year in five.years],
        _next_of(five),
        OVER_ASSUMED,
        show.theme(),
        f"{words.headline(five)} {said}",
        words.rows(five),
    )
    show.picture(picture, key="years_course")
    show.quiet(words.adjustment(five.rebased) if five.rebased else said)
    return picture


def _course_of(year: Year) -> charts.YearLine:
    target, spent = float(year.result.benchmark), words.spent(year)
    return charts.YearLine(
        name=words.name(year),
        short=words.short(year),
        under=words.saved(year),
        target=target,
        spent=spent,
        target_shown=whole_dollars(target),
        spent_shown=whole_dollars(spent),
        assumed=year.assumed,
    )


def _next_of(five: Agreement) -> charts.Next | None:
    rebased = five.rebased
    if rebased is None:
        return None
    return charts.Next(
        name=str(rebased.start.year),
        target=rebased.benchmark,
        without_cut=rebased.benchmark_without_cut,
        spent=words.spent(five.years[-1]),
        target_shown=whole_dollars(rebased.benchmark),
        without_shown=whole_dollars(rebased.benchmark_without_cut),
    )


def _dollars(five: Agreement, before: Agreement, after: Net | None) -> Picture:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        show.title(words.dollars_title(five))
        show.how(key="years_how")
    baseline = [float(amount) for amount in before.payment]
    said = words.dollars_description(five)
    bars = [
        charts.Paid(
            name=words.name(year),
            short=words.short(year),
            under=year.level if year.level in GLIDE_PATH else words.SHORT_ENHANCED,
            dollars=float(year.result.payment),
            shown=money(float(year.result.payment)),
            baseline=baseline[at] if at < len(baseline) else None,
            baseline_shown=money(baseline[at]) if at < len(baseline) else words.UNKNOWN,
            net=None if after is None else float(after.net[at]),
            net_shown="" if after is None else money(float(after.net[at])),
            assumed=year.assumed,
        )
        for at, year in enumerate(five.years)
    ]
    picture = charts.dollars(bars, OVER_ASSUMED, show.theme(), said)
    show.picture(picture, key="years_dollars")
    show.quiet(words.dollars_note(five, with_net=after is not None))
    return picture


def _lacking(cost: ProgramCost, results: Sequence[Result]) -> str:
    lacks = {"investment": lacking_for_investment, "prepaid": lacking_for_prepaid}
    kind = words.kind_of(cost)
    return words.lacking(kind, lacks[kind](results)) if kind in lacks else ""


def _controls(
    scenario: Scenario, plan: YearPlan, cost: ProgramCost, results: Sequence[Result]
) -> None:
    """Put what holds for all years in one row: contract, pace, program cost."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _contract(scenario, plan)
        session.offer("years_slow", plan.slow)
        st.toggle(
            "Takes time to work",
            plan.slow,
            key="years_slow",
            help="33% of the cut in the first year, 67% in the second, then all of it.",
            on_change=_slow,
            args=(plan,),
        )
        _program_cost(cost, results)
        if write_plan(plan):
            st.button("Every year alike", key="years_alike", type="tertiary", on_click=_put,
                      args=(YearPlan(),))  # fmt: skip


def _contract(scenario: Scenario, plan: YearPlan) -> None:
    paths: dict[tuple[str, ...], str] = {}
    past = _past(scenario)
    for choice in ("", STAY, *GLIDE_PATH):
        try:
            paths.setdefault(levels(scenario, replace(plan, levels=choice), past), choice)
        except PlanError:
            continue
    if len(paths) == 1:
        return
    named = {choice: words.path(path) for path, choice in paths.items()}
    chosen = paths[levels(scenario, plan, past)]
    session.offer("years_levels", chosen)
    st.selectbox(
        "Contract over the years",
        list(named),
        list(named).index(chosen),
        label_visibility="collapsed",
        format_func=named.__getitem__,
        key="years_levels",
        on_change=_levels,
        args=(plan,),
        width=300,
    )


def _program_cost(cost: ProgramCost, results: Sequence[Result]) -> None:
    popover = st.popover("Program cost", key="years_costs", on_change="rerun", width="content")
    if not popover.open:
        return
    with popover:
        _typed("Program cost, $ a person a year", "costs_person", cost.per_person, MOST_PER_PERSON,
               PER_PERSON_STEP, lambda given: replace(cost, per_person=given),
               COST_HELP)  # fmt: skip
        kind = words.kind_of(cost)
        session.offer("costs_kind", kind)
        st.selectbox(
            "Advance", list(words.ADVANCES), list(words.ADVANCES).index(kind), key="costs_kind",
            format_func=words.ADVANCES.__getitem__, help=words.advance_help(),
            on_change=_choose_advance, args=(cost, results),
        )  # fmt: skip
        if cost.investment is not None:
            _investment(cost, cost.investment, results)
        elif cost.prepaid is not None:
            _typed("Saved a person in BY1 and BY2, $", "costs_prepaid", cost.prepaid, MOST_SAVED,
                   PER_PERSON_STEP, lambda given: replace(cost, prepaid=given),
                   words.prepaid_help(newest_rules()))  # fmt: skip
        elif cost.advance:
            _typed("Advance from CMS, $", "costs_advance", cost.advance, MOST_ADVANCE,
                   ADVANCE_STEP, lambda given: replace(cost, advance=given))  # fmt: skip
        _typed("Your own revenue in what you cut, %", "costs_own", cost.own_revenue * 100, 100.0,
               OWN_STEP, lambda given: replace(cost, own_revenue=given / 100),
               OWN_HELP)  # fmt: skip
        if cost.own_revenue:
            _typed("Lost of that in the end, %", "costs_margin", cost.own_margin * 100, 100.0,
                   OWN_STEP, lambda given: replace(cost, own_margin=given / 100),
                   MARGIN_HELP)  # fmt: skip


def _investment(cost: ProgramCost, wanted: Investment, results: Sequence[Result]) -> None:
    """Put the inputs of advance investment payments on the page, as they are counted now."""
    rules, paid = newest_rules(), investment_paid(wanted, results)
    scale = rules.investment_by_score
    most = float(max(scale["amount"]))

    def changed(**fields: Any) -> ProgramCost:  # noqa: ANN401
        return replace(cost, investment=replace(wanted, **fields))

    _typed("Average amount a person a quarter, $", "costs_aip_each", paid.per_person, most, 1.0,
           lambda given: changed(per_person=given),
           show.escaped(words.scale_help(scale)))  # fmt: skip
    _typed("People paid for", "costs_aip_people", paid.people, rules.investment_people, 500.0,
           lambda given: changed(people=given))  # fmt: skip
    _typed("Quarters paid", "costs_aip_quarters", float(paid.quarters), rules.investment_quarters,
           1.0, lambda given: changed(quarters=round(given)))  # fmt: skip


def _typed(
    label: str, key: str, value: float, most: float, step: float,
    put: Callable[[float], ProgramCost], help_: str | None = None,
) -> None:  # fmt: skip
    session.offer(key, round(min(float(value), most), 9))
    st.number_input(
        label, 0.0, most, step=step, format="%0.9g", key=key, help=help_,
        on_change=_put_cost, args=(put, key),
    )  # fmt: skip


def _choose_advance(cost: ProgramCost, results: Sequence[Result]) -> None:
    """Begin with what the scenario says of the chosen advance."""
    session.taken("costs_kind")
    saved = float(results[0].scenario.prior_savings_per_person)
    begin: dict[str, dict[str, Any]] = {
        "none": {},
        "investment": {"investment": Investment()},
        "prepaid": {"prepaid": min(max(saved, 0.0), MOST_SAVED)},
        "amount": {"advance": ADVANCE_STEP},
    }
    nothing: dict[str, Any] = {"advance": 0.0, "investment": None, "prepaid": None}
    chosen = begin[st.session_state["costs_kind"]]
    session.put(COSTS, write_cost(replace(cost, **(nothing | chosen))))


def _editable(five: Agreement, plan: YearPlan) -> None:
    """Put a cell for each year's cost reduction and quality on the page.

    A cell is told its value twice, in the session and as its default: where the browser first
    sees it in a later run than the one that offered it, only the default is left.
    """
    for year, place in zip(five.years, st.columns(len(five.years), gap="small"), strict=True):
        with place, st.container(gap="xxsmall"):
            for word, label in (
                ("cut", words.cut_label(year)),
                ("quality", words.quality_label(year)),
            ):
                key = f"years_{word}_{year.number}"
                low, high = (round(end * 100, 6) for end in quantities()[CELLS[word]].allowed)
                session.offer(key, round(float(getattr(year, CELLS[word])) * 100, 6))
                st.number_input(
                    label, float(low), float(high), step=STEPS[word], format="%0.4g",
                    key=key, on_change=_cell, args=(plan, word, year.number - 1, key),
                )  # fmt: skip


def _cell(plan: YearPlan, word: str, at: int, key: str) -> None:
    wanted: float | None = session.taken(key)
    value = None if wanted is None else wanted / 100
    now = session.scenario()
    _put(with_cell(plan, now, word, at, value, _past(now)))


def _slow(plan: YearPlan) -> None:
    _put(replace(plan, slow=bool(session.taken("years_slow"))))


def _levels(plan: YearPlan) -> None:
    _put(replace(plan, levels=str(session.taken("years_levels"))))


def _put(plan: YearPlan) -> None:
    session.put(PLACE, write_plan(plan))


def _put_cost(put: Callable[[float], ProgramCost], key: str) -> None:
    given: Any = session.taken(key)
    if given is not None:
        session.put(COSTS, write_cost(put(float(given))))
