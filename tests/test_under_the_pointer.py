"""What the marks of pictures answer the pointer with: words, or nothing."""

import io

import pyarrow as pa
import pytest

from mssp_sim.charts.bridge import bridge
from mssp_sim.charts.payoff import payoff
from mssp_sim.scenario import Scenario
from mssp_sim.simulation import simulate
from mssp_sim.studies.payoff_curve import curve
from tests.test_pictures import bridge_rows


def pictures(scenario):
    result = simulate(scenario)
    rows = bridge_rows(result)
    return rows, (payoff(curve(result, result), "light", ""), bridge(rows, "light", ""))


@pytest.mark.parametrize(
    "scenario",
    [Scenario(), Scenario(level="ENHANCED", cost_reduction=-0.05)],
    ids=["earns", "owes"],
)
def test_a_mark_without_words_says_nothing_and_a_bar_says_its_label_and_amount(scenario):
    parts, drawn = pictures(scenario)
    for picture in drawn:
        assert picture.spec["config"]["mark"]["tooltip"] is None
        told = [layer for layer in picture.spec["layer"] if "tooltip" in layer["mark"]]
        told += [layer for layer in picture.spec["layer"] if "tooltip" in layer["encoding"]]
        assert len(told) == 1
        assert told[0]["mark"]["opacity"] == 0
    marks = pa.ipc.open_stream(io.BytesIO(drawn[1].datasets["marks"])).read_all().to_pylist()
    said = [row["text"] for row in marks if row["role"] == "bar"]
    assert said == [f"{part.label}: {part.shown}" for part in parts if part.amount]


def test_the_table_of_the_bridge_has_signed_cents_beside_what_is_shown():
    _, (_, drawn) = pictures(Scenario())
    cents = {row["Part"]: row["To the cent"] for row in drawn.table()}
    shown = {row["Part"]: row["Dollars"] for row in drawn.table()}
    assert sum(cents.values()) == pytest.approx(2 * cents["You earn"], abs=0.05)
    assert all((cents[part] < 0) == shown[part].startswith("−") for part in cents if cents[part])
