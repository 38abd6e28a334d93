"""What studies tell, read whole: every field of what each returns, every sentence they end in."""

import datetime as dt
import io
from dataclasses import replace

import numpy as np
import pytest

from mssp_sim import Scenario, simulate
from mssp_sim.scenario import quantities
from mssp_sim.studies import (
    advances,
    agreement,
    cliffs,
    forecast_causes,
    luck,
    moves,
    practices,
    program_cost,
    renewal,
    rulebooks,
    target_split,
    this_year,
    true_results,
    turning,
    uncertain,
    year_inputs,
)
from mssp_sim.studies.election import choices_of, election
from mssp_sim.studies.fair_shares import pool, shared
from mssp_sim.studies.levers import GROUPS
from mssp_sim.studies.moved import moved
from mssp_sim.studies.next_contract import may_sign
from mssp_sim.studies.rule_changes import Rulebook, RuleChangeError, compare_rules, known
from mssp_sim.studies.still_needed import needed
from mssp_sim.studies.thresholds import thresholds
from mssp_sim.tables import TableError
from tests.approval import approved, told

TEST = "tests/studies/test_approved.py"
DOUBT = true_results.Setting()
OLD = {"level": "1", "agreement_start": dt.date(2018, 1, 1), "performance_year": 2019}
HERE = {
    "opening": {},
    "owing": {"level": "ENHANCED", "cost_reduction": -0.05, "disaster_share": 0.1},
    "one-sided": {"level": "A", "cost_reduction": 0.012, "minimum_election": "size",
                  "experienced_with_risk": False, "regional_level": 0.08},
    "2026": {"performance_year": 2026, "own_effect": True, "regional_growth": 0.03,
             "risk_growth": 0.03, "quality_score": 0.9, "other_acos_share": 0.2,
             "other_acos_reduction": 0.02, "regional_risk_growth": 0.06},
    "old": OLD,
}  # fmt: skip
LONG = "abcdefghij" * 4
READ = {
    agreement.read_plan: (
        LONG, f"levels:{LONG}", f"cut:{LONG}", f"2:{LONG}=1", f"2:cut={LONG}", f"q:{LONG}",
        "", "q:0.8", "x", "cut:3,4,5,6,7", "cut:a", "levels:A,B", "2:cut=3", "2.cut:3", "a" * 900,
    ),
    luck.read_doubt: (
        LONG, f"trend:{LONG}", "", "trend:1", "trend:x", "trend:99", "luck:1;risk:0.5", "x:1", ":",
        "risk:-1", "quality:2;trend:1.5",
    ),
    program_cost.read_cost: (
        LONG, f"person:{LONG}", f"aip:{LONG},1,1", f"aip:28,{LONG}", f"own:{LONG}",
        "", "person:95", "person:x", "person:-1", "person:10001", "aip:28,10000,8", "aip:28,,2.5",
        "aip:1,2,3,4", "own:30", "own:30,50", "own:101", "own:1,101", "own:1,2,3", "x:1",
        "advance:1;prepaid:2", "prepaid:0", "advance:1e10", "aip:", "aip:1000", "aip:,,99",
    ),
    true_results.read_setting: (
        LONG, f"hurts:{LONG}", "", "hurts:2", "hurts:x", "cost:99", "trend:1;risk:2", "x:1",
        "quality:3;cost:1", "hurts:0.5", "hurts:1;hurts:2",
    ),
    year_inputs.read_watched: (
        LONG, f"basis:{LONG}", f"off:{LONG}", f"spent:{LONG}", f"{LONG}:1",
        "", "q:3", "q:5", "q:2.5", "q:x", "spent:12700;off:risk.late", "off:x", "basis:twelve",
        "basis:x", "late:20.1", "quality:100.1", "goal:5", "people:0", "work:12.5", "x:1",
        "seed:-1",
        "book:49", "check:3.5", "reach:0.4", "doubt:1e999", "people:1.5;target:9000.125",
    ),
    practices.read_practices: (
        LONG, f"1000,100,100,80,1,3,{LONG}", f"1000,{LONG}", "", "1000,100,100,80,1,3,1", "1,2",
        "0,100,100,80,1,3,1", "1000,,,,,,maybe", "1000,19,,,,,1", "1000,,,,,,;2000,,,,,,0",
    ),
}  # fmt: skip
MANY = (
    "cost_reduction", "own_growth", "national_growth", "regional_growth", "risk_growth",
    "prospective_trend", "underserved_share", "regional_level", "market_share", "market_share_by3",
    "demographic_growth", "real_illness_share", "disaster_share",
)  # fmt: skip
"""More changes than are told apart one by one."""

WRITES = {
    luck.read_doubt: luck.write_doubt, agreement.read_plan: agreement.write_plan,
    program_cost.read_cost: program_cost.write_cost,
    true_results.read_setting: true_results.write_setting,
    year_inputs.read_watched: year_inputs.write_watched,
    practices.read_practices: practices.write_practices,
}  # fmt: skip


def test_what_links_of_studies_mean_is_approved():
    lines = []
    for read, texts in READ.items():
        for text in (None, *texts):
            try:
                found = read(text)
            except ValueError as fault:
                lines.append(f"{read.__name__} {text and text[:40]}: ! {fault}")
                continue
            lines += told(found, f"{read.__name__} {text and text[:40]}")
            again = WRITES[read](found)
            lines.append(f"  written {again}")
            if read is not practices.read_practices:
                assert read(again) == found
    years = (2022, 2023, 2024)
    for text in (None, "x", "a~b~c~d", "2024.own~2025.own~none~2024", "own.2024-01-01~own.x~none~1",
                 "own.own~2025.2025-01-01~mine~2023", "2024.own~2025.own~none~1999",
                 "2024.own~2025.own~nofile~2024"):  # fmt: skip
        try:
            choice = rulebooks.read_choice(text, years)
            lines += told(choice, f"choice {text}")
            lines.append(f"  {rulebooks.write_choice(choice, years)} {rulebooks.pair_of(choice)}")
        except rulebooks.ChoiceError as fault:
            lines.append(f"choice {text}: ! {fault}")
    for title in ("a" * 40, "a" * 41, "One, two", ", x", "  padded , y"):
        lines.append(rulebooks.short_title(title))
    for key, pair in rulebooks.pairs().items():
        lines.append(f"{key}: {pair.label} {pair.old} {pair.new} {pair.file}")
    approved("study_links", "\n".join(lines), TEST)


TABLES = {
    "template": practices.template(), "no people": b"Practice\nA\n",
    "headings": b"Practice,People\n",
    "faults": b"Practice,People,Quality score,In the ACO,Cost against the ACO %\n"
    b"A,x,,,\nB,100,101,,\n"
    b"C,100,100,maybe,\nD,100,0,no,20\n,100,,yes,19.9\n\n=E,100,,,\nF,0,,,\nG,2000001,,,\nH,1\n",
    "twice": b"Practice,People\nA,100\na,100\nB,44900\nC,1\nD,44801\n",
    "many": b"Practice,People\n" + b"".join(b"P%d,1\n" % n for n in range(201)),
    "as many": b"Practice,People\n" + b"".join(b"P%d,1\n" % n for n in range(200)),
}  # fmt: skip


def test_what_tables_of_practices_mean_is_approved():
    lines = []
    for name, content in TABLES.items():
        try:
            rows = practices.read_table(io.BytesIO(content))
        except (practices.PracticeError, TableError) as fault:
            lines.append(f"{name}: ! {fault}")
            continue
        lines += told(rows[:9], f"{name} {len(rows)}")
        lines += [f"  {row.number} {row.fault}" for row in practices.checked(Scenario(), rows)[:9]]
    lines += practices.written(practices.EXAMPLE).decode().splitlines()
    lines.append(str(practices.write_practices(practices.EXAMPLE)))
    lines.append(str(practices.write_practices(practices.EXAMPLE * 9)))
    approved("practices", "\n".join(lines), TEST)


@pytest.mark.parametrize("name", HERE)
def test_what_studies_of_a_result_tell_is_approved(name):
    s = Scenario(**HERE[name])
    result = simulate(s)
    lines = [
        *told(cliffs.everywhere(s, ("cost_reduction", "quality_score", "risk_growth")), "cliffs"),
        *told(moves.moves(result), "moves"), *told(target_split.split(result), "split"),
        *told(target_split.region_risk(result), "region's risk"),
        *told(target_split.by_type(result), "by type"),
        *told(target_split.by_share(result, np.array([0.0, 0.3])), "by share"),
        *told(target_split.by_risk(result, np.array([-0.05, 0.0, 0.05])), "by risk"),
        *told(target_split.by_region_risk(result, np.array([0.0, 0.05])), "by region's risk"),
        *told(target_split.own_drag(result, np.array([0.1, 0.4])), "drag"),
        *told(choices_of(result), "choices"), *told(may_sign(result), "may sign"),
        *told([thresholds(result, lever) for lever in
               ("quality_score", "risk_growth", "regional_level", "market_share")], "places"),
        *told(luck.odds(result), "odds"), *told(advances.lacking_for_investment([result]), "lacks"),
        *told(advances.lacking_for_prepaid([result]), "lacks"),
        *told(cliffs.near(s, "quality_score"), "near"),
    ]  # fmt: skip
    fields = [field for field, words in quantities().items() if words.kind in
              ("rate", "score", "choice", "switch", "count") and not words.optional]  # fmt: skip
    found = cliffs.ahead(s, {"quality_score": cliffs.near(s, "quality_score")}, fields)
    lines += told(found, "ahead") + told(found.lead(s), "lead")
    if name != "old":
        lines += told(luck.chances(s, 0.02), "chances")
        lines += told(agreement.agreement(s), "agreement")
        signed = renewal.Signed(s.level, s.minimum_election)
        lines += told(renewal.ways(s, signed) if name == "opening" else (), "ways")
        watched = year_inputs.Watched(quarter=2, goal=4e6)
        so_far = this_year.typed(s, watched)
        projection = this_year.projected(so_far, s)
        lines += told(projection, "projection") + told(needed(projection, 3.0, 4e6), "needed")
        outlook = this_year.outlook(projection, watched)
        lines += told(outlook, "outlook") + told(
            this_year.booking(projection, outlook, 0.8), "books"
        )
        if name == "2026":
            lines += told(this_year.fan({2: so_far}, s, watched), "fan")
        lines += told(this_year.open_spreads(s.assigned_beneficiaries, 2, watched), "spreads")
        before = forecast_causes.forecast_end(projection)
        after = forecast_causes.final_end(result)
        lines += told(forecast_causes.causes(s, before, after), "causes")
    approved(f"study_{name.replace(' ', '_')}", "\n".join(lines), TEST, figures=True)


def test_what_studies_of_changes_tell_is_approved():
    s = Scenario()
    lines = []
    for fields in ({"cost_reduction": 0.05, "quality_score": 0.9}, {"level": "ENHANCED"}, OLD,
                   {"market_share": 0.6, "other_acos_share": 0.3, "performance_year": 2026},
                   dict.fromkeys(MANY, 0.02)):  # fmt: skip
        found = moved(s, replace(s, **fields))
        lines += told(found, f"moved {list(fields)[:3]}") + told(found.in_cents(), "cents")
        lines += told([found.of(group) for group in GROUPS], "of")
    for old, new in (
        (Rulebook(2024), Rulebook(2025)), (Rulebook(2022), Rulebook()),
        (Rulebook(None, dt.date(2023, 1, 1)), Rulebook(None, dt.date(2024, 1, 1))),
        (Rulebook(), Rulebook(None, dt.date(2018, 1, 1))),
    ):  # fmt: skip
        for fields in ({}, {"quality_standard_met": True, "quality_score": 0.5}):
            here = replace(s, **fields)
            try:
                lines += told(compare_rules(here, old, new), f"{old} {new}")
            except RuleChangeError as fault:
                lines.append(f"! {fault}")
            lines += told(known(here, old, new), "known")
    result = simulate(s)
    people = practices.EXAMPLE
    found = shared(result, people)
    lines += told(found, "shared") + told(pool(found, 1_000_000.01), "pool")
    small = election(result, DOUBT, draws=2_000)
    lines += told(small.choices[:4], "choices") + told(small.picked, "picked")
    lines += told([turn.choice.level for turn in small.turns()], "turns")
    lines += told(turning.turning(result, DOUBT, draws=500), "turning")
    lines += told(luck.outlook(s, luck.Doubt(trend=0.01)), "outlook")
    lines += told(luck.of_a_hundred(luck.chances(s, 0.02)), "of 100")
    lines += told(uncertain.uncertain(), "uncertain")
    cost = program_cost.ProgramCost(per_person=95.0, investment=advances.Investment())
    lines += told(program_cost.net([result] * 3, cost), "net")
    lines += told(
        program_cost.net([result] * 5, replace(cost, investment=None, prepaid=300.0)), "net"
    )
    leaves = np.array([False, True, False])
    lines += told(program_cost.net([result] * 3, cost, leaves), "net")
    lines += told(advances.prepaid(300.0, [result] * 3), "prepaid")
    rules = advances.newest_rules()
    for share in (0.0, 0.4, 1.0):
        here = replace(s, underserved_share=share)
        lines += [str(advances.usual_amount(here, rules, people)) for people in (5e3, 45e3, 9e4)]
    signed = renewal.Signed("ENHANCED", 0.02)
    way = renewal.ways(s, signed)[0]
    lines += told(renewal.drawn(s, way, signed, replace(DOUBT, together=0.6)), "drawn")
    old = replace(s, agreement_start=dt.date(2022, 1, 1), performance_year=2025)
    past = {year: replace(old, performance_year=year, quality_score=0.8) for year in (2022, 2023)}
    for plan in (None, agreement.read_plan("cut:3,,5")):
        lines += told(agreement.agreement(old, plan, past), "with a past")
    approved("study_changes", "\n".join(lines), TEST, figures=True)
