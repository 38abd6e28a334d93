"""What may be seen of a room: by a phone, on the wall, by the trainer; each from one function.

Before Reveal a phone's view and the wall hold no figure of the answer: what would tell it is not
in them, whatever a page then draws. No view of a phone holds another seat or the trainer's key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mssp_sim.rooms.answers import Value, decided_on
from mssp_sim.rooms.autumns import Season, TeamResult, season, shocks, teams
from mssp_sim.rooms.questions import (
    Autumns,
    Decide,
    Estimate,
    Kind,
    Lever,
    Question,
    Unit,
    Vote,
    levers,
)
from mssp_sim.rooms.room import Room, look, look_as_trainer, seat
from mssp_sim.rooms.rounds import Round, State, current, given_answers, own_answer
from mssp_sim.rooms.settled import Decisions, curve_of, settle_decisions
from mssp_sim.rooms.store import Rows, Store
from mssp_sim.simulation import simulate
from mssp_sim.studies import payoff_curve

Curve = tuple[tuple[float, ...], tuple[float, ...]]
"""Savings rates and dollars of a payoff curve."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What everybody may see of a round at any time; no field of it tells the answer.

    ``options`` are of a vote, ``axis`` (low, high) and ``unit`` of an estimate, ``levers`` and
    ``conditions`` of a decision, ``year`` and ``teams`` of five autumns.
    """

    number: int
    kind: Kind
    state: State
    words: str
    options: tuple[str, ...] = ()
    axis: tuple[float, float] | None = None
    unit: Unit | None = None
    levers: tuple[Lever, ...] = ()
    conditions: tuple[str, ...] = ()
    live: bool = False
    year: int = 0
    teams: int = 0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """What a seat's own decision comes to: dollars, fractions, and whether the goal is met.

    ``curve`` (savings rates and dollars) is what the same ACO would be paid, where a phone shows
    its number while its levers move.
    """

    payment: float
    savings_rate: float
    quality_score: float
    met: bool | None
    curve: Curve | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What Reveal tells a phone: the answer, why, and how its own answer stands.

    ``right`` is of a vote, ``truth`` of an estimate, ``good`` whether the own vote is right or the
    own decision meets the goal; ``mine`` and ``curve`` (savings rates and dollars) of a decision.
    """

    right: int | None = None
    truth: float | None = None
    why: str = ""
    good: bool | None = None
    mine: Mine | None = None
    curve: Curve | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """Five autumns as one team may see them: the years that are revealed, and its own result."""

    years: tuple[int, ...]
    shocks: tuple[tuple[float, float], ...]
    team: int
    own: TeamResult | None


@dataclass(frozen=True, slots=True)
class PhoneView:
    """What one phone may see; ``answer`` is its own as it is kept, None where it has given none."""

    code: str
    version: int
    seat: int
    name: str
    away: bool
    asked: Asked | None
    answer: Value | None
    live: Mine | None
    told: Told | None
    played: Played | None


@dataclass(frozen=True, slots=True)
class Dot:
    """One seat's decision; ``name`` is empty unless the trainer shows names."""

    savings_rate: float
    quality_score: float
    payment: float
    met: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What Reveal puts on the wall.

    ``counts`` are of a vote's options, ``estimates`` in order of size, ``dots`` in order of
    payment. ``median`` and ``middle_half`` (the quartiles) are of the estimates or the payments.
    ``believed`` is the wrong answer most chose, what it usually means, and the myth behind it.
    ``names`` stand beside ``estimates`` where the trainer shows names.
    """

    right: int | None = None
    counts: tuple[int, ...] = ()
    truth: float | None = None
    estimates: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    dots: tuple[Dot, ...] = ()
    met: int | None = None
    median: float | None = None
    middle_half: tuple[float, float] | None = None
    why: str = ""
    believed: tuple[str, str, str] | None = None
    season: Season | None = None
    team_names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WallView:
    """What is on the wall: under the curtain question and counts, after Reveal ``shown``."""

    code: str
    version: int
    seats_in: int
    answers_in: int
    asked: Asked | None
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class SeatOfRoom:
    """A seat as the trainer sees it."""

    number: int
    name: str
    away: bool
    simulated: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class TrainerView:
    """What the trainer sees: the wall, every seat, the question with its answer."""

    wall: WallView
    seats: tuple[SeatOfRoom, ...]
    question: Question | None
    names_shown: bool
    opened: float
    expires: float
    seed: int


def for_phone(store: Store, code: str, token: str) -> PhoneView:
    """Return what a seat's phone may see now.

    Raises
    ------
    NotFoundError
        Where the token is of no seat of an open room.
    StoreError
        Where the store cannot be read now.
    """
    now = store.clock()

    def work(rows: Rows, room: Room) -> PhoneView:
        number, name = seat(rows, room, token)
        (away,) = rows.one(
            "SELECT away FROM seats WHERE room = ? AND number = ?", code, number
        ) or (0,)  # fmt: skip
        here = current(rows, room, now)
        if here is None:
            return PhoneView(code, room.version, number, name, bool(away), *(None,) * 5)
        own = own_answer(rows, room, here, number)
        played = None
        if isinstance(here.question, Autumns):
            played = _played(rows, room, here, here.question, number)
        return PhoneView(
            code=code,
            version=room.version,
            seat=number,
            name=name,
            away=bool(away),
            asked=_asked(here, now),
            answer=own,
            live=_live(here, own),
            told=None if here.under_curtain else _told(here.question, own),
            played=played,
        )

    return look(store, code, work)


def for_wall(store: Store, code: str) -> WallView:
    """Return what may be on the wall now: counts under the curtain, all of it after Reveal.

    Raises
    ------
    NotFoundError
        Where no room of this code is open.
    StoreError
        Where the store cannot be read now.
    """
    return look(store, code, lambda rows, room: _wall(rows, room, store.clock()))


def for_trainer(store: Store, code: str, key: str) -> TrainerView:
    """Return what the trainer sees now.

    Raises
    ------
    NotFoundError
        Where the key is not the room's.
    StoreError
        Where the store cannot be read now.
    """
    now = store.clock()

    def work(rows: Rows, room: Room) -> TrainerView:
        here = current(rows, room, now)
        given = _of_the_year(rows, room, here)
        return TrainerView(
            wall=_wall(rows, room, now),
            seats=tuple(
                SeatOfRoom(number, name, bool(away), bool(simulated), number in given)
                for number, name, away, simulated in rows.all(
                    "SELECT number, name, away, simulated FROM seats WHERE room = ? "
                    "ORDER BY number",
                    code,
                )
            ),
            question=here.question if here else None,
            names_shown=room.names_shown,
            opened=room.opened,
            expires=room.expires,
            seed=room.seed,
        )

    return look_as_trainer(store, code, key, work)


def _asked(here: Round, now: float) -> Asked:
    question = here.question
    of_kind: dict[str, object] = {}
    if isinstance(question, Vote):
        of_kind = {"options": question.options}
    elif isinstance(question, Estimate):
        of_kind = {"axis": (question.low, question.high), "unit": question.unit}
    elif isinstance(question, Decide):
        of_kind = {
            "levers": levers(question),
            "conditions": question.goal.conditions if question.goal else (),
            "live": question.live,
        }
    else:
        of_kind = {"teams": question.teams}
    return Asked(
        number=here.number,
        kind=question.kind,
        state=here.state,
        words=question.words,
        year=here.year,
        seconds_left=here.seconds_left(now),
        **of_kind,  # type: ignore[arg-type]
    )


def _of_the_year(rows: Rows, room: Room, here: Round | None) -> dict[int, Value]:
    if here is None:
        return {}
    return given_answers(rows, room, here.number).get(here.year, {})


def _live(here: Round, own: Value | None) -> Mine | None:
    question = here.question
    if not isinstance(question, Decide) or not (question.live or not here.under_curtain):
        return None
    return mine(question, own, judged=not here.under_curtain)


def mine(question: Decide, own: Value | None, *, judged: bool) -> Mine:
    """Return what one decision comes to; that of the start where none was sent.

    Parameters
    ----------
    judged : say whether the goal is met, which is for after Reveal; the own curve is for before
    """
    result = simulate(decided_on(question, own if isinstance(own, dict) else {}))
    met, line = None, None
    if judged:
        goal = question.goal
        met = bool(result.payment > 0 if goal is None else goal.met(result))
    else:
        line = _line(payoff_curve.curve(result, result))
    return Mine(
        float(result.payment),
        float(result.savings_rate),
        float(result.scenario.quality_score),
        met,
        line,
    )


def _line(drawn: payoff_curve.Curve) -> Curve:
    return tuple(drawn.savings_rate.tolist()), tuple(drawn.payment.tolist())


def _told(question: Question, own: Value | None) -> Told:
    if isinstance(question, Vote):
        good = None if own is None else own == question.right
        return Told(right=question.right, why=question.why, good=good)
    if isinstance(question, Estimate):
        return Told(truth=question.truth, why=question.why)
    if isinstance(question, Decide):
        own_result = None if own is None else mine(question, own, judged=True)
        return Told(
            good=None if own_result is None else own_result.met,
            mine=own_result,
            curve=_line(curve_of(question)),
        )
    return Told()


def _revealed_years(here: Round) -> int:
    return here.year if not here.under_curtain else here.year - 1


def season_of(rows: Rows, room: Room, number: int, question: Autumns, last: int) -> Season:
    """Return five autumns of a room up to a year: who is in plays, the computer for who is silent.

    Parameters
    ----------
    number : of the round
    last : years that are revealed
    """
    given = given_answers(rows, room, number)
    present = {
        number
        for (number,) in rows.all("SELECT number FROM seats WHERE room = ? AND away = 0", room.code)
    }
    playing = sorted(present.union(*given.values()))
    people = float(np.asarray(question.start.assigned_beneficiaries))
    return season(question, shocks(room.seed, number, people), playing, given, last)


def _played(rows: Rows, room: Room, here: Round, question: Autumns, number: int) -> Played:
    found = season_of(rows, room, here.number, question, _revealed_years(here))
    team = next(iter(teams(question, (number,))))
    own = next((replace(one, seats=(number,)) for one in found.teams if one.team == team), None)
    told = tuple((shock.spending, shock.quality) for shock in found.shocks)
    return Played(found.years, told, team, own)


def _wall(rows: Rows, room: Room, now: float) -> WallView:
    code = room.code
    here = current(rows, room, now)
    (seats_in,) = rows.one("SELECT count(*) FROM seats WHERE room = ? AND away = 0", code) or (0,)
    if here is None:
        return WallView(code, room.version, seats_in, 0, None, None)
    given = _of_the_year(rows, room, here)
    shown = None
    if isinstance(here.question, Autumns) and (last := _revealed_years(here)):
        found = season_of(rows, room, here.number, here.question, last)
        called = names(rows, room)
        told = {one.team: _together(one.seats, called) for one in found.teams} if called else {}
        shown = Shown(season=found, team_names=told)
    elif not here.under_curtain:
        shown = on_the_wall(here.question, given, names(rows, room))
    return WallView(code, room.version, seats_in, len(given), _asked(here, now), shown)


def names(rows: Rows, room: Room) -> dict[int, str]:
    """Return what each seat is called; nothing where the trainer shows no names."""
    if not room.names_shown:
        return {}
    return {
        number: name or f"Seat {number}"
        for number, name in rows.all("SELECT number, name FROM seats WHERE room = ?", room.code)
    }


def _together(seats: tuple[int, ...], names: Mapping[int, str]) -> str:
    return ", ".join(names[seat] for seat in seats if seat in names)


def on_the_wall(question: Question, given: Mapping[int, Value], names: Mapping[int, str]) -> Shown:
    """Return what Reveal shows of the answers to a vote, an estimate or a decision.

    Parameters
    ----------
    given : answers by seat
    names : by seat; empty where the trainer shows none
    """
    if isinstance(question, Vote):
        counts, why = question.counts(given), question.why
        believed = question.believed(counts)
        return Shown(right=question.right, counts=counts, why=why, believed=believed)
    if isinstance(question, Estimate):
        ordered = sorted((float(value), seat) for seat, value in given.items())  # type: ignore[arg-type]
        amounts = [amount for amount, _ in ordered]
        return Shown(
            truth=question.truth,
            why=question.why,
            estimates=tuple(amounts),
            names=tuple(names[seat] for _, seat in ordered) if names else (),
            median=_median(amounts),
            middle_half=_middle_half(amounts),
        )
    if isinstance(question, Decide):
        return _dots(settle_decisions(question, given), names)
    return Shown()


def _dots(found: Decisions | None, names: Mapping[int, str]) -> Shown:
    if found is None:
        return Shown(met=0)
    dots = [
        Dot(float(rate), float(score), float(paid), bool(met), names.get(seat, ""))
        for seat, rate, score, paid, met in zip(
            found.seats, found.savings_rate, found.quality_score, found.payment, found.met,
            strict=True,
        )
    ]  # fmt: skip
    dots.sort(key=lambda dot: (dot.payment, dot.savings_rate, dot.name))
    paid = [dot.payment for dot in dots]
    return Shown(
        dots=tuple(dots),
        met=sum(dot.met for dot in dots),
        median=_median(paid),
        middle_half=_middle_half(paid),
    )


def _median(ordered: list[float]) -> float | None:
    return float(np.median(ordered)) if ordered else None


def _middle_half(ordered: list[float]) -> tuple[float, float] | None:
    if not ordered:
        return None
    low, high = np.percentile(ordered, (25, 75))
    return float(low), float(high)
