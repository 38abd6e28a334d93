"""Our rules give the dollars CMS published, and each rule is needed for that.

An ablation changes one rule and counts the ACO-years that go wrong by it alone, over the nine
files of 2013 to 2021; what began later is counted on the invented files of ``synthetic.py``.
Each breaks at least one row. Where someone else counted on the same years (sequestration in 2019
and 2020, flat maximum until 2020, quality gate from 2014, payment limit, limit before
sequestration, six-month disaster adjustment, printed minimum) the counts are the same.

What the nine files cannot show: loss limits on the benchmark (no loss comes near), payment limits
of 15 and 20 percent, and whether the score of 2013 scales (none is printed).
"""

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mssp_sim.__main__ import main
from mssp_sim.cms_files import ResultsFileError, read, reproduce, reproduction
from mssp_sim.parameters import CONTRACTS, Schedule, parameters, rules_in_force
from tests.cms_files import synthetic
from tests.cms_files.published import YEARS, results_file

LIMITED_BY_REVENUE = {(2019, "A2392"), (2021, "A1515"), (2021, "A2820"), (2021, "A4627")}


@cache
def published():
    """Return the nine files in one frame."""
    return pd.concat([read(results_file(year)) for year in YEARS], ignore_index=True)


@cache
def reproduced():
    return reproduce(published())


@cache
def invented():
    """Return the made-up files of 2022 to 2025 in one frame."""
    years = (2022, 2023, 2024, 2025)
    return pd.concat([read(synthetic.written(year)) for year in years], ignore_index=True)


# CMS's own settlements.


@pytest.mark.cms_files
def test_all_but_four_of_3860_settlements_are_reproduced():
    rows = reproduced()
    assert len(rows) == 3_860
    assert rows["within"].sum() >= 3_856
    missed = rows[~rows["within"]]
    assert set(zip(missed["performance_year"], missed["aco_id"], strict=True)) == LIMITED_BY_REVENUE
    assert set(missed["cause"]) == {reproduction.REVENUE_LIMIT}
    assert set(rows.loc[rows["within"], "cause"]) == {""}


@pytest.mark.cms_files
def test_generated_savings_and_losses_are_reproduced_to_the_dollar():
    rows = reproduced()
    printed = rows[rows["generated_published"].notna()]
    assert len(printed) == 3_640
    assert set(printed["performance_year"]) == set(YEARS) - {2013}
    apart = (printed["generated"] - printed["generated_published"]).abs()
    assert apart.max() <= 1.0


@pytest.mark.cms_files
def test_a_row_is_within_only_where_it_is_near():
    rows = reproduced()
    apart = (rows["reproduced"] - rows["published"]).abs()
    larger = rows[["reproduced", "published"]].abs().max(axis=1)
    assert (rows["within"] == ((apart <= 1.5) | (apart <= 1e-4 * larger))).all()
    assert rows["difference"].to_numpy() == pytest.approx(rows["reproduced"] - rows["published"])
    moved = rows[rows["published"] != 0]
    assert len(moved) == 1_646
    assert not (moved["reproduced"] == 0).any()


@pytest.mark.cms_files
def test_what_cms_prints_of_the_outcome_is_not_used():
    frame = published().copy()
    for column in ("generated", "final_sharing_rate", "sharing_rate", "shared_loss_rate"):
        frame[column] = 0.123
    frame["payment"] = published()["payment"]
    assert reproduce(frame)["reproduced"].equals(reproduced()["reproduced"])


@pytest.mark.cms_files
def test_a_payment_nobody_can_explain_is_called_unexplained():
    frame = published().iloc[:50].copy()
    frame.loc[7, "payment"] += 10_000
    rows = reproduce(frame)
    assert rows.index[~rows["within"]].tolist() == [7]
    assert rows["cause"][7] == reproduction.UNEXPLAINED


# Later layouts.


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_a_later_layout_is_reproduced(year):
    frame = read(synthetic.written(year))
    rows = reproduce(frame)
    assert rows["within"].all(), rows[~rows["within"]].to_string()
    assert (rows["published"] != 0).sum() > 20
    printed = rows[rows["generated_published"].notna()]
    assert (printed["generated"] - printed["generated_published"]).abs().max() <= 1


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_guardrail_pays_nothing_and_takes_what_is_left(year):
    truth = synthetic.acos(year)
    held = truth["guardrail"].to_numpy()
    rows = reproduce(read(synthetic.written(year)))[held]
    assert held.sum() >= 2
    saved = truth["gross_savings"].to_numpy()[held] > 0
    assert (rows["reproduced"][saved] == 0).all()
    assert (rows["reproduced"][~saved] < 0).all()


@pytest.mark.parametrize(("what", "share"), [
    ("reduced_sharing", lambda aco: 0.5 * synthetic.LARGEST[aco.level]),
    ("alternative_standard_met", lambda aco: aco.quality_score * synthetic.LARGEST[aco.level]),
])  # fmt: skip
def test_a_smaller_share_is_paid_as_the_rule_says(what, share):
    truth = synthetic.acos(2024)
    rows = reproduce(read(synthetic.written(2024)))
    chosen = truth[truth[what]]
    assert len(chosen) >= 1
    for aco in chosen.itertuples():
        expected = share(aco) * aco.gross_savings * 0.98
        assert rows["reproduced"][aco.Index] == pytest.approx(expected, rel=1e-4)


# Each rule changed alone.


def only(years, **changes):
    """Return a change of rules in some performance years; a value may follow from the rules."""

    def change(rules, year):
        chosen = changes if year in years else {}
        return {k: v(rules) if callable(v) else v for k, v in chosen.items()}

    return change


def always(**changes):
    return only(range(2013, 2026), **changes)


def at(name, contracts, value):
    """Return a rate by contract with another value for some."""
    return lambda rules: np.where(np.isin(CONTRACTS, contracts), value, getattr(rules, name))


def times(name, contracts, factor):
    return lambda rules: getattr(rules, name) * np.where(np.isin(CONTRACTS, contracts), factor, 1.0)


def no_rules(_rules, _year):
    return {}


def given(**columns):
    """Return a change of the frame: other values in some columns."""
    return lambda frame: frame.assign(**columns)


def no_frame(frame):
    return frame


def where_saved(frame):
    return frame["gross_savings"] > 0


def where_lost(frame):
    return frame["gross_savings"] < 0


def in_2013(frame):
    return frame["performance_year"] == 2013


def saved_from_2014(frame):
    return where_saved(frame) & ~in_2013(frame)


def only_the_excess(frame):
    """Return the frame as if only what is beyond the minimum were saved."""
    minimum = frame["minimum_savings_rate"] * frame["benchmark_total"]
    spent = np.minimum(frame["expenditure_total"] + minimum, frame["benchmark_total"])
    return without_minimum(frame.assign(expenditure_total=spent))


def without_minimum(frame):
    return frame.assign(minimum_savings_rate=0.0)


def less_sequestration(frame):
    lost = frame["expenditure_total"] - frame["benchmark_total"]
    cut = np.where(frame["performance_year"].isin([2019, 2020]), 0.0, 0.02)
    return frame.assign(expenditure_total=frame["benchmark_total"] + lost * (1 - cut))


def halved_again(frame):
    scale = np.where(frame["half_year"], 0.5, 1.0)
    totals = ("benchmark_total", "expenditure_total")
    return frame.assign(**{name: frame[name] * scale for name in totals})


def printed_minimum(rules):
    """Return the table by size in whole hundredths of a percent, person by person."""
    table = rules.minimum_savings_rate
    people = np.arange(1, 60_001)
    return Schedule(tuple(people), tuple(np.round(np.interp(people, table.at, table.gives), 4)))


def steps(rules):
    """Return the table by size without the lines inside its bands."""
    table = rules.minimum_savings_rate
    people = np.arange(1, 60_001)
    band = np.searchsorted(table.at, people, side="right") - 1
    return Schedule(tuple(people), tuple(np.array(table.gives)[band]))


NO_TABLE = {
    "minimum_savings_rate": Schedule((1.0, 2.0), (0.0, 0.0)),
    "minimum_rate_without_choice": np.full(len(CONTRACTS), np.inf),
}
MOVING = ("2", "3", "ENHANCED")
FIXED = ("1+", "C", "D", "E")
ONE_SIDED = ("1", "A", "B")

ROWS_BY_CONTRACT = {
    "A": 41, "B": 151, "C": 44, "D": 2, "E": 111, "ENHANCED": 118,
    "1": 942, "1+": 94, "2": 34, "3": 78,
}  # fmt: skip

# What is changed: rules, frame, the rows it is changed for; then how many rows it breaks.
PUBLISHED = {
    "share only the excess over the minimum": (
        always(**NO_TABLE), only_the_excess, where_saved, 1_509),
    "no sequestration": (always(sequestration_rate=0.0), no_frame, None, 1_026),
    "sequestration in 2019 and 2020 too": (
        only((2019, 2020), sequestration_rate=0.02), no_frame, None, 582),
    "pay savings below the minimum": (always(**NO_TABLE), without_minimum, where_saved, 913),
    "no minimum loss rate": (always(**NO_TABLE), without_minimum, where_lost, 35),
    "printed minimum instead of the table": (
        always(minimum_savings_rate=printed_minimum), no_frame, None, 1),
    "steps instead of lines in the table": (
        always(minimum_savings_rate=steps), no_frame, None, 39),
    "person-years instead of people in the table": (
        no_rules, lambda frame: frame.assign(assigned_beneficiaries=frame["person_years"]),
        None, 6),
    "no choice of minimum": (always(minimum_rate_choices=(9.0,)), no_frame, None, 91),
    "flat maximum until 2020": (
        only(range(2014, 2021), score_scales_the_full_share=False), no_frame, None, 1_129),
    "times the score in 2021": (
        only((2021,), score_scales_the_full_share=True), no_frame, None, 244),
    "first-year reporters do not count in full": (
        no_rules,
        lambda frame: frame.assign(
            quality_score=frame["quality_score"].mask(frame["first_year"], 0.9)),
        None, 40),
    "quality gate ignored in 2013": (
        no_rules, given(quality_standard_met=True), in_2013, 6),
    "quality gate ignored from 2014": (
        no_rules, given(quality_standard_met=True), saved_from_2014, 6),
    "loss rate by score where the standard is missed": (
        no_rules, given(quality_standard_met=True), where_lost, 1),
    "no payment limit": (
        always(performance_payment_limit=times("performance_payment_limit", CONTRACTS, 9)),
        no_frame, None, 5),
    "payment limit before sequestration": (
        always(performance_payment_limit=lambda r:
               r.performance_payment_limit * (1 - r.sequestration_rate)),
        no_frame, None, 3),
    "one-sided contracts owe": (
        always(shared_loss_rate_floor=at("shared_loss_rate_floor", ONE_SIDED, 0.3),
               shared_loss_rate_ceiling=at("shared_loss_rate_ceiling", ONE_SIDED, 0.3),
               loss_recoupment_limit_benchmark=at("loss_recoupment_limit_benchmark", ONE_SIDED, 1),
               loss_recoupment_limit_revenue=at("loss_recoupment_limit_revenue", ONE_SIDED, 1)),
        no_frame, None, 522),
    "loss rate flat 40%": (
        always(shared_loss_rate_ceiling=at("shared_loss_rate_ceiling", MOVING, 0.4)),
        no_frame, None, 3),
    "loss rate without its floor": (
        always(shared_loss_rate_floor=at("shared_loss_rate_floor", MOVING, 0.01)),
        no_frame, None, 19),
    "loss rate 40% where it is fixed at 30%": (
        always(shared_loss_rate_floor=at("shared_loss_rate_floor", FIXED, 0.4),
               shared_loss_rate_ceiling=at("shared_loss_rate_ceiling", FIXED, 0.4)),
        no_frame, None, 12),
    "sequestration on losses": (no_rules, less_sequestration, where_lost, 27),
    "disaster adjustment ignored": (no_rules, given(disaster_adjustment=0.0), None, 40),
    "disaster adjustment of six months not halved": (
        no_rules, given(half_year=False), None, 2),
    "six-month totals halved again": (no_rules, halved_again, None, 103),
} | {
    f"another sharing rate for {contract}": (
        always(sharing_rate=times("sharing_rate", (contract,), 0.98)), no_frame, None, count)
    for contract, count in ROWS_BY_CONTRACT.items()
}  # fmt: skip

LATER = {
    "alternative standard ignored": (
        always(alternative_standard_pays=False), no_frame, None, 3),
    "alternative standard pays the maximum": (
        no_rules, lambda frame: frame.assign(
            quality_standard_met=frame["quality_standard_met"] | frame["alternative_standard_met"]),
        None, 3),
    "guardrail ignored": (no_rules, given(guardrail=False), None, 2),
    "no reduced sharing": (always(half_rate=times("half_rate", CONTRACTS, 0)), no_frame, None, 4),
    "reduced sharing at the full rate": (
        always(half_rate=times("half_rate", CONTRACTS, 2)), no_frame, None, 4),
    "reduced sharing for high revenue too": (no_rules, given(low_revenue=True), None, 2),
    "no loss limit on the benchmark": (
        always(loss_recoupment_limit_benchmark=times(
            "loss_recoupment_limit_benchmark", CONTRACTS, 9)),
        no_frame, None, 1),
    "loss rate flat 40%": (
        always(shared_loss_rate_ceiling=at("shared_loss_rate_ceiling", MOVING, 0.4)),
        no_frame, None, 6),
}  # fmt: skip


COUNTED_ELSEWHERE = {
    "sequestration in 2019 and 2020 too": 582,
    "flat maximum until 2020": 1_129,
    "quality gate ignored from 2014": 6,
    "no payment limit": 5,
    "payment limit before sequestration": 3,
    "disaster adjustment of six months not halved": 2,
    "printed minimum instead of the table": 1,
}


def broken(frame, rows, rules, change, chosen):
    """Return how many rows that were within are not so once a rule is changed."""
    part = frame if chosen is None else frame[chosen(frame)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            reproduction,
            "rules_in_force",
            lambda year, start: replace(
                (known := rules_in_force(year, start)), **rules(known, year)
            ),
        )
        changed = reproduce(change(part))
    before = rows["within"].to_numpy()[part.index]
    return int((before & ~changed["within"].to_numpy()).sum())


@pytest.mark.cms_files
@pytest.mark.parametrize("rule", PUBLISHED)
def test_without_this_rule_settlements_of_cms_go_wrong(rule):
    *change, least = PUBLISHED[rule]
    found = broken(published(), reproduced(), *change)
    assert found >= least > 0
    assert found == COUNTED_ELSEWHERE.get(rule, found)


@pytest.mark.parametrize("rule", LATER)
def test_without_this_rule_invented_settlements_go_wrong(rule):
    *change, least = LATER[rule]
    assert broken(invented(), reproduce(invented()), *change) >= least > 0


# Each value that only CMS's files prove, changed alone.


def for_track_1_plus(factor):
    return lambda rates: np.where(np.isin(CONTRACTS, ("1+",)), rates * factor, rates)


def below_5000_people(table):
    """Return the table by size with other rates where the rule of before July 2019 has no row."""
    at = np.array(table.at)
    return Schedule(table.at, tuple(np.where(at < 5_000, 0.9, 1.0) * np.array(table.gives)))


PROVEN_BY_FILES = {
    "minimum_savings_rate": below_5000_people,
    "sequestration_rate": lambda rate: 0.02 - rate,
    "shared_loss_rate_ceiling": for_track_1_plus(0.9),
    "sharing_rate": for_track_1_plus(0.98),
}
"""What is changed: of a row of rates only what the rule does not print."""

VERSIONS_BY_FILES = [
    (name, version)
    for name, parameter in parameters().items()
    for version in parameter.versions
    if name in PROVEN_BY_FILES and version.citation.known_by == "CMS files"
]
ELSEWHERE = {"disaster_quality_floor": "test_disaster_floor.py"}
"""Values that other tests of this folder hold by the files."""


@pytest.mark.cms_files
@pytest.mark.parametrize(
    ("name", "version"),
    VERSIONS_BY_FILES,
    ids=[f"{name} from {max(v.applies_from.values())}" for name, v in VERSIONS_BY_FILES],
)
def test_changing_a_version_breaks_settlements_of_cms(name, version):
    def change(rules, _year):
        mine = rules.source[name] is version
        return {name: PROVEN_BY_FILES[name](getattr(rules, name))} if mine else {}

    found = broken(published(), reproduced(), change, no_frame, None)
    assert found == version.citation.rows > 0


def test_the_test_that_proves_a_value_by_files_is_named_beside_it():
    here = test_changing_a_version_breaks_settlements_of_cms.__name__
    assert len(VERSIONS_BY_FILES) >= 6
    for _, version in VERSIONS_BY_FILES:
        assert version.citation.proven_by == f"tests/cms_files/test_reproduction.py::{here}"
    by_files = {
        name
        for name, parameter in parameters().items()
        for version in parameter.versions
        if version.citation.known_by == "CMS files"
    }
    assert by_files == {name for name, _ in VERSIONS_BY_FILES} | set(ELSEWHERE)


@pytest.mark.cms_files
def test_changing_nothing_breaks_nothing():
    assert broken(published(), reproduced(), no_rules, no_frame, None) == 0


# What no file tells, and what no rule knows.


@pytest.mark.parametrize("day", [None, "1990-05-03", "2018-01-01", "2020-01-01", "2026-01-01"])
def test_a_start_that_cannot_be_is_replaced_by_one_that_can(day):
    frame = invented()[lambda rows: rows["performance_year"] == 2025]
    frame = frame.assign(agreement_start=pd.Timestamp(day) if day else pd.NaT)
    assert np.isfinite(reproduce(frame)["reproduced"]).all()


@pytest.mark.cms_files
def test_a_file_without_starts_is_reproduced():
    frame = published().drop(columns="agreement_start")
    assert reproduce(frame)["within"].sum() >= 3_856


@pytest.mark.parametrize(("level", "year"), [("2", 2024), ("E", 2019 - 1), ("E", 2031)])
def test_a_contract_of_another_time_is_refused_in_a_sentence(level, year):
    frame = invented().iloc[:3].assign(level=level, performance_year=year)
    with pytest.raises(ResultsFileError, match=rf"contract {level} in performance year {year}"):
        reproduce(frame)


# The command.


TOTAL = "3,856 of 3,860 within 0.01%"


@pytest.mark.cms_files
def test_the_command_prints_the_table_the_total_and_each_exception(capsys, tmp_path):
    out = tmp_path / "rows.csv"
    files = [str(results_file(year)) for year in YEARS]
    assert main(["reproduce", *files, "--csv", str(out)]) == 0
    printed = capsys.readouterr().out
    heading, _, *lines = printed.splitlines()
    assert heading.split() == ["level", "1", "1+", "2", "3", *"ABCDE", "ENHANCED"]
    assert "2019              389/389  46/47  7/7  32/32" in printed
    assert TOTAL in lines
    exceptions = lines[lines.index(TOTAL) + 1 :]
    assert len(exceptions) == 4
    assert exceptions[0] == (
        "2019 A2392 1+: CMS −$2,074,092, ours −$2,561,463, revenue-based loss limit"
    )
    assert all(line.endswith("revenue-based loss limit") for line in exceptions)
    written = pd.read_csv(out, keep_default_na=False)
    assert list(written) == list(reproduction.COLUMNS)
    assert len(written) == 3_860


def test_the_readme_prints_the_same_total():
    assert TOTAL in (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.fixture
def one_file(tmp_path):
    path = tmp_path / "results_2024.csv"
    path.write_bytes(synthetic.written(2024).getvalue())
    return path


def test_the_command_tells_what_the_reader_concluded(capsys):
    assert main(["reproduce", str(results_file(2013))]) == 0
    assert "they are read as fractions" in capsys.readouterr().err


def test_the_command_reads_a_later_file(one_file, capsys):
    assert main(["reproduce", str(one_file)]) == 0
    assert capsys.readouterr().out.endswith("60 of 60 within 0.01%\n")


def test_the_command_ends_with_1_where_a_row_is_unexplained(one_file, capsys):
    columns = synthetic.cells(2024)
    saved = synthetic.acos(2024).query("guardrail and gross_savings > 0")
    columns["Guardrail"][saved.index[0]] = "0"
    one_file.write_bytes(synthetic.to_bytes(columns))
    assert main(["reproduce", str(one_file)]) == 1
    assert capsys.readouterr().out.rstrip().endswith("unexplained")


@pytest.mark.parametrize(
    "content", [b"", b"<html>Not found</html>", b"a,b\n1,2\n", b"\x00\xff" * 99, None]
)
def test_the_command_ends_with_2_and_one_sentence_for_a_bad_file(content, tmp_path, capsys):
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_bytes(content)
    assert main(["reproduce", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert "bad.csv" in printed.err


def test_the_command_says_how_it_is_used(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["cms", "build"])
    assert ended.value.code == 2
    assert "FOLDER" in capsys.readouterr().err


def test_the_command_runs_as_a_module(one_file):
    command = [sys.executable, "-m", "mssp_sim", "reproduce", str(one_file)]
    run = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert b"60 of 60 within 0.01%" in run.stdout
