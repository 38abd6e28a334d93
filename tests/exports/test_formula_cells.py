"""What a reader typed opens as text in LibreOffice, in every file a spreadsheet opens."""

import openpyxl
import pytest

from mssp_sim.batch import rejects_of, settle

pytestmark = pytest.mark.long

RUNS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1")


def test_a_settled_portfolio_and_its_rejects_open_without_a_formula(tmp_path, recalculated):
    portfolio, out = tmp_path / "p.csv", tmp_path / "out.csv"
    portfolio.write_text(
        "name,quality_score\n" + "".join(f"{run},0.8\n{run},lots\n" for run in RUNS)
    )
    settle(portfolio, out)
    for file in recalculated([out, rejects_of(out)]):
        (sheet,) = openpyxl.load_workbook(file.with_suffix(".xlsx")).worksheets
        cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        said = [str(cell.value) for cell in cells]
        for run in RUNS:
            assert any(run.strip() in text for text in said), run
