"""The parts of Election: what to sign and when, every choice, renewal, practices, the list."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from mssp_sim.app import downloads, my_aco, session, show
from mssp_sim.charts.frontier import frontier
from mssp_sim.charts.theme import Picture
from mssp_sim.exports import election as exports
from mssp_sim.quantity import agreement_years
from mssp_sim.result import Result
from mssp_sim.scenario import Scenario
from mssp_sim.screens.election import (
    assignment_section,
    practices_section,
    renewal_section,
    words,
)
from mssp_sim.screens.election.pictures import hundred
from mssp_sim.studies.election import Election, choices_of, election
from mssp_sim.studies.fair_shares import pool, shared
from mssp_sim.studies.practices import Practice
from mssp_sim.studies.renewal import (
    Signed,
    Way,
    drawn,
    over_the_agreement,
    turning_trend,
    ways,
    window,
)
from mssp_sim.studies.repayment import election_rules
from mssp_sim.studies.true_results import (
    HURTS_STEP,
    LEAST,
    MOST,
    ElectionError,
    Setting,
    measured_scores,
    read_setting,
    write_setting,
)
from mssp_sim.studies.turning import turning
from mssp_sim.words import election as shared_words
from mssp_sim.words import renewal as renewal_words
from mssp_sim.words.election import Found

PLACE, PRACTICES, CHURN = "election", "practices", "churn"
FUTURES = "election_futures"
KNOWN, WAYS, TURNS, OVER = ("election_known", "election_ways", "election_turns", "election_over")
SURE = {
    "trend": ("Trend around you ±", "One standard deviation, points: nation and region grow faster "
              "or slower in one year than expected, and you do not.", 0.1),
    "risk": ("Risk growth ±", "One standard deviation, points, of one year.", 0.1),
    "quality": ("Quality score ±", "One standard deviation, points of the score. Measured on real "
                f"ACOs from year to year: {100 * measured_scores().quality:g}.", 0.5),
    "together": ("Trend and risk together", "Correlation: 1 where they always stray the same way.",
                 0.1),
    "with_quality": ("Savings and score together", "Correlation. Measured on real ACOs from year "
                     f"to year: {measured_scores().with_savings:g}.", 0.05),
    "cost": ("Cost of the mechanism", "What a dollar of escrow, bond or letter of credit costs a "
             "year. Set your own: no rule gives it.", 0.1),
}  # fmt: skip


def draw(result: Result, baseline: Result) -> None:
    """Put the page of the election on the screen."""
    setting, fault = _setting()
    if not choices_of(result):
        show.sentence(shared_words.NOTHING_TO_SIGN, owed=False)
        show.not_advice()
        return
    found = _found(result, setting)
    show.sentence(shared_words.headline(found), owed=False)
    if fault:
        show.quiet(words.unreadable(fault))
    show.tiles(shared_words.tiles(found))
    show.register(*shared_words.figures(found))
    if found.futures is not None:
        show.register(*renewal_words.renewal_figures(found.futures, None))
    pictures = _choices(found, baseline)
    _opened("Every contract and minimum", "election_table", partial(_rows, found))
    _opened("Renew now or wait", "election_renewal", partial(renewal_section.draw, found, _put))
    _opened(
        "Add or drop a practice", "election_practices",
        lambda: practices_section.draw(
            found, session.place(PRACTICES), partial(session.put, PRACTICES), _put
        ),
    )  # fmt: skip
    _opened(
        "Prospective or retrospective", "election_list",
        lambda: assignment_section.draw(found, session.place(CHURN)),
    )  # fmt: skip
    _opened("Doubt, and where the choice turns", "election_sure", partial(_doubts, found))
    show.data(*pictures, key="election_data")
    show.not_advice()


def _setting() -> tuple[Setting, str]:
    try:
        return read_setting(session.place(PLACE)), ""
    except ElectionError as fault:
        return Setting(), str(fault)


def _put(name: str, value: float) -> None:
    setting, _ = _setting()
    session.put(PLACE, write_setting(replace(setting, **{name: value})))


def _found(result: Result, setting: Setting) -> Found:
    """Return what the page is made of: drawn anew only when scenario or doubt is new."""
    usual = Setting()
    of_years = replace(
        setting, hurts=usual.hurts, cost=usual.cost, renew=usual.renew, pool=usual.pool
    )
    asked = (result.scenario, of_years)
    drawn_years = session.once(KNOWN, asked, lambda: election(result, of_years))
    chosen = replace(drawn_years, setting=setting)
    next_year = dt.date(int(result.scenario.performance_year) + 1, 1, 1)
    found = Found(
        result=result,
        election=chosen,
        ways=_ways(result.scenario, chosen),
        ends=int(agreement_years(result.scenario.agreement_start)[-1]),
        sources=dict(election_rules(next_year).source),
    )
    return replace(found, futures=_futures(found, of_years))


def _futures(found: Found, setting: Setting) -> Way | None:
    """Return the best early year with what eight futures of ten make of it."""
    way, best = found.best_way, found.election.picked
    if way is None:
        return None
    scenario, signed = found.result.scenario, Signed(best.level, best.election)
    asked = (scenario, way.year, signed, setting)
    return session.once(FUTURES, asked, lambda: drawn(scenario, way, signed, setting))


def _ways(scenario: Scenario, chosen: Election) -> tuple[Way, ...]:
    if not window(scenario):
        return ()
    signed = Signed(chosen.picked.level, chosen.picked.election)
    return session.once(WAYS, (scenario, signed), lambda: ways(scenario, signed))


def _choices(found: Found, baseline: Result) -> list[tuple[str, Picture]]:
    """Put the picture of all choices on the page, the lever of owing and the hundred years."""
    picked = found.election.picked
    left, right = st.columns([3, 2], gap="medium")
    with left:
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            show.title(shared_words.title(found))
            show.how(key="election_how")
        every = frontier(found, show.theme())
        show.picture(every, key="election_frontier")
        show.quiet(words.HOW_TO_READ)
    with right:
        _hurts(found.election.setting)
        st.markdown(f":small[{show.escaped(shared_words.turns(found))}]")
        show.title(words.hundred_title(picked))
        said = words.hundred_description(picked)
        years = hundred(words.hundred_of(picked), words.counts(picked), show.theme(), said)
        show.picture(years, key="election_years")
        show.quiet(words.MARKS)
        pictures = [("choices", every), ("hundred years", years)]
        downloads.popover(found.result, baseline, *pictures, of_page=_files(found))
    return pictures


def _hurts(setting: Setting) -> None:
    key = "election_hurts"
    session.offer(key, float(setting.hurts))
    st.slider(
        "Weight of a dollar owed", LEAST["hurts"], MOST["hurts"],
        step=HURTS_STEP, format="%.1f", key=key,
        help="1.0: a dollar owed weighs as much as a dollar earned; 2.0: twice as much. The choice "
        "worth most is picked.",
        on_change=_taken, args=(key, "hurts", 1.0),
    )  # fmt: skip


def _taken(key: str, name: str, scale: float) -> None:
    _put(name, round(float(session.taken(key)) / scale, 12))


def _opened(label: str, key: str, put: Callable[[], None]) -> None:
    """Put something under the page, folded away; it is worked out when it is opened."""
    folded = st.expander(label, key=key, on_change="rerun")
    if folded.open:
        with folded:
            put()


def _rows(found: Found) -> None:
    whole = _over(found)
    show.register(*shared_words.of_every_choice(whole))
    show.table(shared_words.rows(whole))
    show.quiet(shared_words.of_the_table(whole))
    show.quiet(words.BESIDE_LUCK)
    show.quiet(shared_words.eligibility(whole))


def _over(found: Found) -> Found:
    """Return the same with what each choice pays over an agreement."""
    scenario = found.result.scenario
    choices = found.election.choices
    over = session.once(OVER, (scenario,), lambda: over_the_agreement(scenario, choices))
    return replace(found, over=over)


def _doubts(found: Found) -> None:
    """Put how unsure a year is on the page, and where the choice turns on the savings."""
    setting = found.election.setting
    for place, (name, (label, about, step)) in zip(
        st.columns(3, gap="small") * 2, SURE.items(), strict=True
    ):
        plain = name in ("together", "with_quality")
        scale = 1.0 if plain else 100.0
        key = f"sure_{name}"
        session.offer(key, round(float(getattr(setting, name)) * scale, 6))
        place.slider(
            label, LEAST.get(name, 0.0) * scale, MOST[name] * scale, step=step,
            format="%.2f" if plain else "%.1f", key=key, help=about, on_change=_taken,
            args=(key, name, scale),
        )  # fmt: skip
    show.quiet(shared_words.assumptions(found))
    result = found.result
    turns = session.once(TURNS, (result.scenario, setting), lambda: turning(result, setting))
    own = float(result.scenario.cost_reduction)
    st.markdown(f"**{show.escaped(words.savings_turns(turns, own))}**")
    show.register(*words.turn_figures(turns))


def _files(found: Found) -> dict[str, downloads.Offer]:
    """Return what is taken away of this page: a brief, a slide and a workbook."""
    pptx, xlsx = "presentationml.presentation", "spreadsheetml.sheet"
    offers = {
        "Brief": (exports.brief, "election.pdf", downloads.PDF, "One page, PDF"),
        "Slide": (exports.slide, "election.pptx", f"{downloads.OPEN_XML}.{pptx}",
                  "One slide, with every choice in its notes"),
        "Workbook": (exports.workbook, "election.xlsx", f"{downloads.OPEN_XML}.{xlsx}",
                     "Every choice with a live formula for what it is worth, renewal, practices"),
    }  # fmt: skip
    said = my_aco.assumed().said
    practices = practices_section.own(found, session.place(PRACTICES))
    return {
        label: (partial(made, make, found, practices, assumed=said), file, kind, about)
        for label, (make, file, kind, about) in offers.items()
    }


def made(
    make: Callable[..., bytes], found: Found, practices: tuple[Practice, ...] = (), **said: str
) -> bytes:
    """Return a file of the election, with all that the page works out where it is opened.

    It is called beside the run that heard the click, where no session is at hand.
    """
    scenario, chosen = found.result.scenario, found.election
    way, signed = found.way, Signed(chosen.picked.level, chosen.picked.election)
    whole = replace(found, over=over_the_agreement(scenario, chosen.choices))
    if way is not None:
        futures = drawn(scenario, way, signed, chosen.setting)
        whole = replace(whole, renewal=(futures, turning_trend(scenario, way.year, signed)))
    if practices:
        each = shared(found.result, practices)
        whole = replace(whole, practices=(each, pool(each, each.payment * chosen.setting.pool)))
    return make(whole, **said)
