"""Prospective or retrospective: the same choices with the list of each kind."""

from collections.abc import Mapping
from dataclasses import replace

from mssp_sim.app import session, show
from mssp_sim.attribution import Churn, ChurnError, follow, moved, read
from mssp_sim.scenario import ScenarioError
from mssp_sim.screens.election import words
from mssp_sim.simulation import simulate
from mssp_sim.studies.election import Election, election
from mssp_sim.words.election import Found

KNOWN = "election_lists"
NAMES = {False: "Retrospective", True: "Prospective"}


def draw(found: Found, text: str | None) -> None:
    """Put both kinds of list on the page.

    Parameters
    ----------
    text : the movement of the list as the page Attribution keeps it
    """
    try:
        churn = read(text) if text else Churn()
    except ChurnError:
        churn = Churn()
    try:
        two, people = _worked_out(found, churn)
    except ScenarioError as fault:
        show.quiet("; ".join(fault.faults.values()))
        return
    show.title(words.assignment_title(two))
    show.table(words.by_assignment(two, people))
    show.register(*words.assignment_figures(two, people))
    said = (
        f"{churn.leave:.1%} leave, {churn.join:.1%} join, {churn.dropped:.1%} are dropped, "
        f"{churn.new_clinicians:.1%} come with new clinicians"
    )
    show.quiet(words.ASSIGNED.format(churn=said))


def _worked_out(found: Found, churn: Churn) -> tuple[Mapping[str, Election], Mapping[str, float]]:
    """Return the election with each kind of list, and its people at the end."""
    setting = found.election.setting

    def work() -> tuple[Mapping[str, Election], Mapping[str, float]]:
        two, people = {}, {}
        for prospective, name in NAMES.items():
            flow = follow(found.result, replace(churn, prospective=prospective))
            result = simulate(moved(found.result.scenario, flow))
            two[name] = election(result, setting)
            people[name] = float(flow.final)
        return two, people

    return session.once(KNOWN, (found.result.scenario, churn, setting), work)
