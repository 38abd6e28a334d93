"""Old rulebook beside new: right by hand, split by provision so that it adds up, many at once."""

import csv
import datetime as dt
import io

import numpy as np
import pytest

from mssp_sim import Scenario, rules_in_force, simulate
from mssp_sim.__main__ import main
from mssp_sim.exports import scenario_file
from mssp_sim.parameters import UnpublishedError, parameters
from mssp_sim.provisions import read as read_provisions
from mssp_sim.studies import rule_changes
from mssp_sim.studies.moved import shapley
from mssp_sim.studies.rule_changes import (
    LENGTH,
    PROVISIONS,
    Rulebook,
    RuleChangeError,
    by_group,
    compare_rules,
    stack,
)
from tests.random_scenarios import fields

MINE = b"""
title = "Level E at 60 percent"
[[changes]]
parameter = "sharing_rate"
by_level = { E = 0.60 }
[[changes]]
parameter = "sequestration_rate"
value = 0.0
"""
YEARS = {year: dt.date(year, 1, 1) for year in (2020, 2022, 2023, 2024, 2025)}


def by_start(start, **more):
    return Rulebook(agreement_start=start, **more)


def adds_up(found):
    total = sum((effect.dollars for effect in found.effects), np.zeros(np.shape(found.change)))
    scale = np.maximum(np.abs(found.before), np.abs(found.after)) + 1
    return np.all(np.abs(total - found.change) <= 1e-9 * scale)


def chance(seed):
    return Scenario(**fields(np.random.default_rng(seed)))


def test_two_provisions_by_hand():
    # 17,732,000 saved at full quality. Today .5 x .98 = .49; both: .6 x 1 = .60. Alone, the rate:
    # .588 (+.098); no sequestration: .5 (+.01). Mean over both orders: .099 and .011 of it.
    mine = Rulebook(provisions=read_provisions(MINE))
    found = compare_rules(Scenario(quality_score=0.82), Rulebook(), mine)
    assert found.before == pytest.approx(8_688_680)
    assert found.after == pytest.approx(10_639_200)
    assert {e.provision: round(e.dollars, 2) for e in found.effects} == {
        "Maximum sharing rate": 1_755_468.0, "Sequestration": 195_052.0,
    }  # fmt: skip
    assert all(effect.proposed for effect in found.effects)
    assert found.notes == ("Level E at 60 percent: proposed, not in force.",)


def test_the_prospective_trend_of_2024_starts_by_hand():
    # Nation and region 5.1%; ACPT 8.1% a year. One year: a third of 3 points on 1.051: the target
    # rises by 13,000/1.051 x .01 = 123.69 a person; x 44,000 x .5 x .98 = 2,666,793.53.
    s = Scenario(quality_score=0.82, prospective_trend=0.081)
    found = compare_rules(s, by_start(YEARS[2023]), by_start(YEARS[2024]))
    assert found.change == pytest.approx(13_000 / 1.051 * 0.01 * 44_000 * 0.49)
    moved = {e.provision: e.dollars for e in found.effects if abs(e.dollars) > 0.005}
    assert list(moved) == ["Prospective trend"]


def test_2027_with_last_years_standard_assumed_is_2026_and_says_so():
    books = Rulebook(performance_year=2026), Rulebook(performance_year=2027, assume_last=True)
    found = compare_rules(Scenario(), *books)
    assert found.change == 0
    assert found.effects == ()
    assert found.notes == (
        "2027's quality performance standard is not published yet; that of 2026 is assumed.",
    )
    with pytest.raises(UnpublishedError, match="known through 2026"):
        compare_rules(Scenario(), Rulebook(), Rulebook(performance_year=2027))


@pytest.mark.parametrize("seed", range(40))
def test_the_effects_add_up_and_the_ends_are_those_of_simulate(seed):
    s = chance(seed)
    old, new = by_start(dt.date(2019, 7, 1)), by_start(YEARS[2025])
    found = compare_rules(s, old, new)
    year = s.performance_year
    for paid, start in ((found.before, dt.date(2019, 7, 1)), (found.after, YEARS[2025])):
        assert paid == simulate(s, rules_in_force(year, start, assume_last=True)).payment
    assert adds_up(found)
    assert found.exact


def test_a_batch_of_mixed_years_is_the_scenarios_alone():
    scenarios = [chance(seed) for seed in range(200) if chance(seed).regional_expenditure is None]
    old, new = Rulebook(), by_start(YEARS[2024])
    together = compare_rules(stack(scenarios), old, new)
    assert adds_up(together)
    for row, scenario in enumerate(scenarios[:60]):
        alone = compare_rules(scenario, old, new)
        assert together.before[row] == pytest.approx(alone.before, rel=1e-12, abs=1e-6)
        assert together.after[row] == pytest.approx(alone.after, rel=1e-12, abs=1e-6)
        effects = {effect.provision: effect.dollars for effect in alone.effects}
        for effect in together.effects:
            wanted = effects.get(effect.provision, 0.0)
            assert effect.dollars[row] == pytest.approx(wanted, rel=1e-9, abs=1e-6)


def test_many_provisions_are_averaged_over_orders_and_still_add_up(monkeypatch):
    s, old, new = chance(3), by_start(dt.date(2019, 7, 1)), by_start(YEARS[2025])
    exactly = compare_rules(s, old, new)
    monkeypatch.setattr(rule_changes, "MOST_EXACT", 2)
    found = compare_rules(s, old, new)
    assert exactly.exact
    assert not found.exact
    assert adds_up(found)
    assert found.change == exactly.change


def test_the_shares_of_many_games_are_those_of_each():
    worth = np.random.default_rng(1).normal(size=(16, 5))
    together = shapley(worth)
    for game in range(5):
        assert together[:, game] == pytest.approx(shapley(worth[:, game]))


def test_a_claim_of_another_years_standard_gives_way_to_the_score():
    s = Scenario(performance_year=2025, quality_score=0.75, quality_standard_met=False)
    # 75.0 misses 76.7 of 2025 and meets 73.85 of 2026.
    found = compare_rules(s, Rulebook(), Rulebook(performance_year=2026))
    assert found.before == pytest.approx(6_516_510)
    assert found.after == pytest.approx(8_688_680)
    against = Scenario(performance_year=2025, quality_score=0.6, quality_standard_met=True)
    assert compare_rules(against, Rulebook(), Rulebook(performance_year=2026)).change == 0


def test_a_rulebook_without_the_contract_is_one_sentence():
    with pytest.raises(RuleChangeError, match="no contract E"):
        compare_rules(Scenario(), Rulebook(), by_start(dt.date(2018, 1, 1)))


def test_every_parameter_belongs_to_one_provision_or_stands_for_itself():
    grouped = [name for names in PROVISIONS.values() for name in names]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= set(parameters()) - {LENGTH}


def test_who_gains_and_who_loses():
    batch = stack([Scenario(quality_score=0.82), Scenario(level="B"), Scenario(level="B")])
    found = compare_rules(batch, Rulebook(), Rulebook(provisions=read_provisions(MINE)))
    e, b = by_group(list(batch.level), found)
    assert (e.group, e.acos, e.gain, e.lose) == ("E", 1, 1, 0)
    assert (b.acos, b.gain, b.lose) == (2, 2, 0)
    assert e.after - e.before + b.after - b.before == pytest.approx(np.sum(found.change))


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(MINE)
    return str(path)


def test_the_command_compares_a_scenario(mine, tmp_path, capsys):
    scenario = tmp_path / "scenario.json"
    scenario.write_bytes(scenario_file.save(Scenario(quality_score=0.82), name="Ours"))
    assert main(["compare", str(scenario), "--rules", mine, "--csv", str(tmp_path / "o.csv")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Level E at 60 percent: proposed, not in force.")
    assert "Difference: $1,950,520" in said
    assert "Maximum sharing rate (proposed): $1,755,468" in said
    (row,) = csv.DictReader(io.StringIO((tmp_path / "o.csv").read_text()))
    assert (row["name"], row["change"]) == ("Ours", "1950520.00")
    assert row["Sequestration (proposed)"] == "195052.00"


@pytest.mark.parametrize("content", [b"", b"title = 3", b'title = "x"\n[[changes]]\nparameter = 1'])
def test_the_command_refuses_a_wrong_file_in_one_sentence(content, tmp_path, capsys):
    path = tmp_path / "wrong.toml"
    path.write_bytes(content)
    assert main(["compare", "--rules", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


def test_the_command_refuses_a_file_that_is_not_there(tmp_path, mine, capsys):
    assert main(["compare", "--rules", str(tmp_path / "none.toml")]) == 2
    assert main(["compare", str(tmp_path / "none.csv"), "--rules", mine]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
