"""What a revealed round shows, in a sentence and in pictures: on the wall, on paper, as files."""

from collections.abc import Iterator

from mssp_sim.charts.decisions import Dot, decisions, on_the_map
from mssp_sim.charts.estimates import Estimated, estimates
from mssp_sim.charts.theme import Picture, Theme
from mssp_sim.charts.tradeoff import tradeoff
from mssp_sim.charts.vote import vote
from mssp_sim.rooms.frontier import frontier
from mssp_sim.rooms.questions import Decide, Estimate, Question, Vote
from mssp_sim.rooms.record import Record
from mssp_sim.rooms.settled import curve_of, map_of
from mssp_sim.rooms.views import Shown
from mssp_sim.words import rooms as words

BARS = 74.0
"""Of a hundred: on half a wall the count beside a bar needs the rest."""


def summary(question: Question, shown: Shown) -> str:
    """Return what the room said, in a sentence: median and spread, before any name."""
    if isinstance(question, Vote):
        said = ", ".join(f"{words.letter(n)} {count}" for n, count in enumerate(shown.counts))
        return f"{sum(shown.counts)} voted: {said}. {words.letter(question.right)} is right."
    if isinstance(question, Decide):
        if not shown.dots:
            return words.NOBODY
        return f"{words.met(shown.met or 0, len(shown.dots))} {_spread(shown, 'dollars')}"
    if isinstance(question, Estimate):
        truth = words.amount(question.truth, question.unit)
        return f"It is {truth}. {_spread(shown, question.unit)}"
    return _of_the_season(shown)


def _spread(shown: Shown, unit: str) -> str:
    if shown.median is None or shown.middle_half is None:
        return words.NOBODY
    return words.spread(shown.median, shown.middle_half, unit)


def _of_the_season(shown: Shown) -> str:
    season = shown.season
    if season is None or not season.teams:
        return words.NOBODY
    best, last = season.teams[0], season.teams[-1]
    paid = [words.amount(float(team.result), "dollars") for team in (best, last)]
    return (
        f"{words.counted(len(season.teams), 'team', 'teams')} over "
        f"{words.counted(len(season.years), 'year', 'years')}: from {paid[1]} to {paid[0]}."
    )


def pictures(question: Question, shown: Shown, theme: Theme) -> Iterator[tuple[str, Picture]]:
    """Return the pictures of a round by their names; for after Reveal."""
    said = summary(question, shown)
    if isinstance(question, Vote):
        letters = [words.letter(n) for n in range(len(question.options))]
        counts = shown.counts or (0,) * len(letters)
        yield "votes", vote(letters, counts, question.right, theme, said, longest=BARS)
    elif isinstance(question, Estimate):
        unit = question.unit
        found = Estimated(
            shown.estimates,
            (question.low, question.high),
            question.truth,
            lambda value: words.amount(value, unit),
        )
        yield "estimates", estimates(found, theme, said)
    elif isinstance(question, Decide):
        curve = curve_of(question)
        dots = [Dot(dot.savings_rate, dot.payment, dot.met, dot.name) for dot in shown.dots]
        yield "decisions", decisions(curve.savings_rate, curve.payment, dots, theme, said)
        drawn = tradeoff(map_of(question), None, theme, said)
        places = [(dot, of.quality_score) for dot, of in zip(dots, shown.dots, strict=True)]
        yield "map", on_the_map(drawn, places, frontier(question), theme)


def rows(found: Record) -> list[dict[str, str]]:
    """Return every answer of the revealed rounds as a row of texts."""
    told = []
    for one in found.rounds:
        for year, given in sorted(one.answers.items()):
            for seat, value in sorted(given.items()):
                answer = words.letter(value) if isinstance(one.question, Vote) else value  # type: ignore[arg-type]
                shown = answer if not isinstance(answer, dict) else "; ".join(
                    f"{name} {moved}" for name, moved in sorted(answer.items())
                )  # fmt: skip
                told.append({
                    "Round": str(one.number),
                    "Kind": one.question.kind,
                    "Question": one.question.words,
                    "Autumn": str(year) if year else "",
                    "Seat": found.names.get(seat, f"Seat {seat}"),
                    "Answer": str(shown),
                })  # fmt: skip
    return told
