"""The workbook, reckoned anew by LibreOffice, is the engine to the cent."""

import datetime as dt
import io
import math
import re
import zipfile

import numpy as np
import openpyxl
import pytest

from mssp_sim import Scenario, State, simulate
from mssp_sim.exports.workbook import workbook
from mssp_sim.exports.workbook.checks import ANSWERS, FIGURES
from mssp_sim.exports.workbook.inputs import cell_value, name_of, rows_of
from mssp_sim.exports.workbook.sheet import camel
from mssp_sim.exports.workbook.steps import paragraph
from mssp_sim.parameters import CONTRACTS, parameters
from mssp_sim.scenario import quantities
from mssp_sim.simulation import NUMBERS
from tests import random_scenarios

CENT, WRONG = 0.005, 271_828
SHEETS = [
    "Inputs", "Parameters", "Table 1 Historical benchmark", "Table 2 Updated benchmark",
    "Table 3 Savings and losses", "Checks",
]  # fmt: skip
SHARED_FUNCTIONS = {
    "ABS", "AND", "CHOOSE", "COUNT", "COUNTIF", "DATE", "IF", "INDEX", "INT", "ISNUMBER", "MATCH",
    "MAX", "MIN", "NA", "NOT", "OR", "SUM", "SUMPRODUCT", "YEAR",
}  # fmt: skip
HOSTILE = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://x")', "<b>&amp;</b>")


def day(text):
    return np.datetime64(text, "D").item()


def year(number, **fields):
    """Return a scenario of an agreement that starts with its performance year."""
    start = fields.pop("agreement_start", day(f"{number}-01-01"))
    return Scenario(performance_year=number, agreement_start=start, **fields)


CHOSEN = [
    Scenario(),
    Scenario(quality_score=0.82),
    Scenario(cost_reduction=0.24),  # payment limit
    Scenario(cost_reduction=0.40, level="ENHANCED"),
    Scenario(cost_reduction=-0.16),  # loss limit on the benchmark
    Scenario(cost_reduction=-0.16, participant_revenue_share=0.30),  # and on revenue
    Scenario(cost_reduction=-0.30, level="ENHANCED", quality_score=0.6, disaster_share=0.135),
    Scenario(cost_reduction=-0.04, level="ENHANCED", alternative_standard_met=False),
    Scenario(cost_reduction=0.019),
    Scenario(cost_reduction=0.02),
    Scenario(cost_reduction=0.01, participant_revenue_share=0.2),  # half-rate path
    Scenario(cost_reduction=0.01, participant_revenue_share=0.2, level="A", quality_score=0.9),
    Scenario(cost_reduction=-0.05, prospective_trend=0.0),  # guardrail
    Scenario(cost_reduction=-0.05, prospective_trend=0.049),
    Scenario(cost_reduction=0.0),
    Scenario(cost_reduction=-0.06, level="A"),
    Scenario(cost_reduction=-0.01),
    Scenario(alternative_standard_met=False),
    Scenario(assigned_beneficiaries=1.0, level="B"),
    Scenario(assigned_beneficiaries=499.0, level="B", cost_reduction=0.15),
    Scenario(assigned_beneficiaries=499.5, cost_reduction=0.15),
    Scenario(assigned_beneficiaries=4_999.0, minimum_election=0.0, cost_reduction=0.039),
    Scenario(assigned_beneficiaries=5_000.0, minimum_election=0.0, cost_reduction=0.039),
    Scenario(assigned_beneficiaries=60_000.0, minimum_election="size"),
    Scenario(assigned_beneficiaries=2_000_000.0, minimum_election="size", cost_per_person=9e4),
    Scenario(regional_level=-0.2, underserved_share=0.15, prior_savings_per_person=700.0),
    Scenario(regional_level=0.4, agreement_period=4, regional_adjustment_period=3),
    Scenario(risk_growth=0.05, demographic_growth=0.01, real_illness_share=0.5),
    Scenario(own_effect=True, market_share=0.5, other_acos_share=0.3, other_acos_reduction=0.04),
    year(2023, regional_level=-0.2, regional_adjustment_period=1, agreement_period=1),
    year(2023, risk_growth=0.05, level="C", cost_reduction=-0.03),
    year(2021, agreement_start=day("2020-01-01"), quality_score=0.6169, level="C"),
    year(2022, reporting_incentive_met=True, level="D", quality_score=0.5),
    year(2025, agreement_period=1, quality_score=0.1),
    year(2019, agreement_start=day("2019-07-01"), quality_score=0.9),
    year(2019, agreement_start=day("2019-07-01"), performance_year_months=12, level="ENHANCED"),
    year(2013, agreement_start=day("2012-04-01"), level="1", agreement_period=1),
    year(2015, level="2", cost_reduction=-0.08, quality_score=0.7),
    year(2018, level="1+", cost_reduction=-0.08, participant_revenue_share=0.3),
    year(2016, level="3", cost_reduction=-0.08, quality_score=0.9),
    year(2020, level="E", quality_score=0.9, agreement_period=1),
    year(2024, quality_score=0.72),
    year(2026, quality_score=0.72, level="C"),
    Scenario(cost_reduction=-0.05, months_in_program=9.0),
    Scenario(cost_reduction=-0.05, months_in_program=6.0),
    Scenario(cost_reduction=-0.05, months_in_program=3.0, ended_by_cms=True, level="ENHANCED",
             disaster_share=0.5, quality_score=0.6),
    Scenario(months_in_program=9.0),
    Scenario(ended_by_cms=True),
    Scenario(quality_score=0.5, in_disaster_area=True, alternative_standard_met=False),
    year(2018, level="3", in_disaster_area=True, care_coordination_met=False, quality_score=0.5),
    year(2018, level="3", at_risk_population_met=False),
    year(2016, level="3", in_disaster_area=True, at_risk_population_met=False),
    year(2018, level="3", cost_reduction=-0.05, months_in_program=9.0),
    year(2019, agreement_start=day("2019-07-01"), cost_reduction=-0.05, months_in_program=3.0,
         ended_by_cms=True),
]  # fmt: skip


BY_CHANCE = np.random.default_rng(20261122)
SCENARIOS = CHOSEN + [
    Scenario(**random_scenarios.fields(BY_CHANCE)) for _ in range(60 - len(CHOSEN))
] + [
    *map(random_scenarios.by_chance_by_type, range(8)),
    Scenario(performance_year=2027, assume_last_published=True, cost_reduction=0.05),
    Scenario(performance_year=2027, assume_last_published=True, level="B",
             agreement_start=dt.date(2027, 1, 1), agreement_period=1),
]  # fmt: skip


def cells_of(book, name):
    """Return the cells a name stands for."""
    ((sheet, box),) = book.defined_names[name].destinations
    found = book[sheet][box.replace("$", "")]
    return found[0] if isinstance(found, tuple) else (found,)


def change_inputs(book, scenario):
    """Type a scenario into the yellow cells, as a reader would."""
    for field, words in quantities().items():
        value = getattr(scenario, field)
        if not words.trailing:
            (cell,) = cells_of(book, name_of(field))
            cell.value = cell_value(field, value) if cell_value(field, value) != "" else None
            continue
        lines = rows_of(words, value)
        for line, amounts in enumerate(lines):
            name = name_of(field, line if len(words.trailing) > 1 else None)
            for cell, amount in zip(cells_of(book, name), amounts, strict=True):
                cell.value = None if amount == "" else amount


def with_wrong_values(content):
    """Return the same workbook, every formula said to have one wrong value."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part.startswith("xl/worksheets/sheet"):
                wrong = re.sub(
                    r'(<c r="[^"]+" s="\d+")(?: t="\w+")?>(<f>.*?</f>)<v>.*?</v>',
                    rf"\1>\2<v>{WRONG}</v>",
                    text.decode(),
                )
                assert wrong.count(f"<v>{WRONG}</v>") == wrong.count("<f>")
                text = wrong.encode()
            new.writestr(part, text)
    return out.getvalue()


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def formulas(book):
    for sheet in book:
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell) for cell in row if cell.data_type == "f")


@pytest.fixture(scope="module")
def slip():
    """Return the workbook of the reference ACO, with its formulas."""
    return openpyxl.load_workbook(io.BytesIO(workbook(simulate(Scenario()))))


@pytest.fixture(scope="module")
def files(recalculated, tmp_path_factory):
    """Return every workbook these tests need, reckoned in one call of LibreOffice."""
    folder = tmp_path_factory.mktemp("workbooks")
    content = {"exported": workbook(simulate(Scenario(level="ENHANCED", cost_reduction=-0.04)))}
    for name, scenario in (("wrong", SCENARIOS[0]), ("wrong_old", SCENARIOS[38])):
        content[name] = with_wrong_values(workbook(simulate(scenario)))
    for number, name in enumerate(HOSTILE):
        content[f"hostile{number}"] = workbook(simulate(Scenario()), name=name)
    book = openpyxl.load_workbook(io.BytesIO(content["exported"]))
    for name, fields in FAULTY.items():
        change_inputs(book, Scenario())
        for field, value in fields.items():
            cells_of(book, field)[0].value = value
        content[name] = saved(book)
    for number, scenario in enumerate(SCENARIOS):
        change_inputs(book, scenario)
        content[f"changed{number}"] = saved(book)
    paths = []
    for name, held in content.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(held)
        paths.append(path)
    return dict(zip(content, recalculated(paths), strict=True))


FAULTY = {
    "range": {"QualityScore": 1.2},
    "contract": {"Level": "Track 1"},
    "year": {"PerformanceYear": 2024},
    "mix": {"PersonYearShare": 0.5},
    "crowd": {"OtherAcosShare": 0.95},
}
FAULT_WORDS = {
    "range": "not allowed", "contract": "contract", "year": "performance year", "mix": "100%",
    "crowd": "market share",
}  # fmt: skip


def opened(path):
    return openpyxl.load_workbook(path, data_only=True)


ULPS = 4
"""Roundings that an amount may carry where totals cancel: each of two totals is rounded twice on
its way, so what is left (0.0 here, 1.192e-07 there) is of the size of one unit in the last place
of a total of the workbook, not of the difference. Rates are no differences of totals."""


def largest_number(book):
    """Return the largest amount of a workbook: what a cell that cancels was made of."""
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    return max(abs(value) for value in cells if isinstance(value, int | float))


@pytest.mark.long
def test_libreoffice_reckons_anew_and_every_formula_comes_to_the_value_it_carries(files):
    for name, scenario in (("wrong", SCENARIOS[0]), ("wrong_old", SCENARIOS[38])):
        right = workbook(simulate(scenario))
        carried, anew = opened(io.BytesIO(right)), opened(files[name])
        largest = largest_number(carried)
        for sheet, cell in formulas(openpyxl.load_workbook(io.BytesIO(right))):
            known, found = (book[sheet][cell.coordinate].value for book in (carried, anew))
            if isinstance(known, int | float):
                slack = ULPS * math.ulp(largest) if "$" in cell.number_format else 1e-7
                nearest = 1e-11 * max(abs(known), abs(found)) + slack
                assert abs(known - found) <= nearest, (sheet, cell.coordinate, cell.value)
            else:
                assert (known or "") == (found or ""), (sheet, cell.coordinate, cell.value)


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(SCENARIOS)))
def test_inputs_typed_into_the_file_settle_as_the_engine_does(files, number):
    book, result = opened(files[f"changed{number}"]), simulate(SCENARIOS[number])
    for field, (_, kind) in FIGURES.items():
        if field == "benchmark":
            continue
        (cell,) = cells_of(book, camel(field))
        nearest = 1e-9 if kind == "percent" else CENT
        assert abs(cell.value - getattr(result, field)) < nearest, (field, cell.value)
    for field in ANSWERS:
        assert cells_of(book, camel(field))[0].value == ("yes" if getattr(result, field) else "no")
    assert cells_of(book, "State")[0].value == result.state.value.replace("_", " ")
    assert cells_of(book, "IdentityHolds")[0].value == "yes"
    assert not cells_of(book, "InputsFault")[0].value


def test_the_scenarios_cover_every_contract_state_and_both_signs():
    results = [simulate(scenario) for scenario in SCENARIOS]
    assert len(SCENARIOS) >= 60
    assert {s.level for s in SCENARIOS} == set(CONTRACTS)
    assert {r.state for r in results} == set(State)
    assert {s.performance_year for s in SCENARIOS} >= set(range(2019, 2027))
    assert any(r.forgiven for r in results)
    assert any(r.above_limit for r in results)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTY)
def test_inputs_that_cannot_be_settled_give_a_sentence_and_no_dollars(files, fault):
    book = opened(files[fault])
    assert FAULT_WORDS[fault] in cells_of(book, "InputsFault")[0].value
    assert FAULT_WORDS[fault] in book["Inputs"]["A4"].value
    assert cells_of(book, "SharedSavings")[0].value == "#N/A"


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_name_opens_as_text_whatever_it_begins_with(files, number):
    assert opened(files[f"hostile{number}"])["Inputs"]["A1"].value == HOSTILE[number]
    formula = openpyxl.load_workbook(files[f"hostile{number}"])["Inputs"]["A1"]
    text = zipfile.ZipFile(files[f"hostile{number}"]).read("xl/worksheets/sheet1.xml").decode()
    assert formula.data_type == "s" or formula.value == HOSTILE[number]
    assert "<f" not in text[text.index('r="A1"') : text.index("</c>", text.index('r="A1"'))]


@pytest.mark.long
def test_an_exported_workbook_agrees_with_the_app_until_an_input_changes(files):
    assert cells_of(opened(files["exported"]), "Differing")[0].value == 0
    assert cells_of(opened(files["exported"]), "InputsChanged")[0].value == 0
    changed = opened(files["changed1"])
    assert cells_of(changed, "InputsChanged")[0].value > 0
    verdicts = {cell.value for cell in changed["Checks"]["E"]}
    assert "inputs changed" in verdicts
    assert "different" not in verdicts


def test_every_figure_of_a_result_has_a_cell_of_its_name(slip):
    assert slip.sheetnames == SHEETS
    for field in NUMBERS:
        if field != "state_number":
            assert camel(field) in slip.defined_names, field


def test_only_functions_that_excel_and_libreoffice_share_are_used(slip):
    used = {
        word
        for _, cell in formulas(slip)
        for word in re.findall(r"([A-Z][A-Z.]+)\(", re.sub(r'"[^"]*"', "", cell.value))
    }
    assert used <= SHARED_FUNCTIONS


def test_each_parameter_stands_with_every_version_paragraph_and_how_it_is_known(slip):
    rows = list(slip["Parameters"].iter_rows(values_only=True))
    for parameter in parameters().values():
        assert any(str(row[0]).startswith(parameter.title) for row in rows)
        for version in parameter.versions:
            cited = (version.citation.section, version.citation.known)
            assert any(row[4:6] == cited for row in rows), parameter.name


def test_every_step_names_its_paragraph_or_says_it_is_ours(slip):
    for title in SHEETS[2:5]:
        rows = list(slip[title].iter_rows(min_row=6, values_only=True))
        steps = [row for row in rows if row[0] and re.fullmatch(r"\d\.\d+", row[0])]
        assert len(steps) > 10
        for row in steps:
            assert re.search(r"425\.\d+|ours|outside 42 CFR Part 425", row[-1]), row


def test_a_paragraph_is_read_from_the_step_of_the_rule():
    assert paragraph(simulate).startswith("ours")
    assert paragraph("425.20") == "425.20"


def test_a_batch_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="one scenario"):
        workbook(simulate(Scenario(quality_score=np.array([0.7, 0.8]))))


def test_a_baseline_stands_beside_inputs_and_figures():
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(simulate(Scenario()), simulate(Scenario(quality_score=0.82))))
    )
    (cell,) = cells_of(book, "QualityScore")
    assert book["Inputs"][f"L{cell.row}"].value == 0.82
    assert any(cell.value == "The app, baseline" for cell in book["Checks"]["F"])
