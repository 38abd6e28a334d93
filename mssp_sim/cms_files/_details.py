"""What CMS prints beside the settlement: adjustments, advances, services, visits, quality."""

import numpy as np
import numpy.typing as npt

from mssp_sim.cms_files._cells import Numbers, is_missing
from mssp_sim.cms_files._columns import Columns, plain
from mssp_sim.tables.cells import number

_SERVICES = {
    "inpatient": ("CapAnn_INP_All", "Total inpatient spending per assigned beneficiary"),
    "acute_hospital": ("CapAnn_INP_S_trm",
                       "Acute care hospital (IPPS/CAH) spending per assigned beneficiary"),
    "long_term_hospital": ("CapAnn_INP_L_trm",
                           "Long-term care hospital spending per assigned beneficiary"),
    "rehabilitation": ("CapAnn_INP_Rehab",
                       "Inpatient rehabilitation facility (IRF) spending per assigned beneficiary"),
    "psychiatric_hospital": ("CapAnn_INP_Psych",
                             "Inpatient psychiatric hospital spending per assigned beneficiary"),
    "hospice": ("CapAnn_HSP", "Hospice spending per assigned beneficiary"),
    "skilled_nursing": ("CapAnn_SNF", "Skilled nursing facility spending per assigned beneficiary"),
    "outpatient": ("CapAnn_OPD",),
    "clinicians": ("CapAnn_PB", "Physician/supplier spending per assigned beneficiary"),
    "ambulance": ("CapAnn_AmbPay", "Ambulance spending per assigned beneficiary"),
    "home_health": ("CapAnn_HHA", "Home health spending per assigned beneficiary"),
    "equipment": ("CapAnn_DME", "Durable medical equipment spending per assigned beneficiary"),
}  # fmt: skip
_TYPES = {"esrd": "ESRD", "disabled": "DIS", "aged_dual": "AGDU", "aged_non_dual": "AGND"}
_USE = (
    "ADM", "ADM_S_Trm", "ADM_L_Trm", "ADM_Rehab", "ADM_Psych", "P_EDV_Vis", "P_EDV_Vis_HOSP",
    "P_CT_VIS", "P_MRI_VIS", "P_EM_Total", "P_EM_PCP_Vis", "P_EM_SP_Vis", "P_Nurse_Vis",
    "P_FQHC_RHC_Vis", "P_SNF_ADM", "SNF_LOS", "SNF_PayperStay",
)  # fmt: skip
_QUALITY = (
    *(f"ACO{n}" for n in (*range(1, 22), 27, 28, 30, 31, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                          44, 45, 46)),
    "DM_Comp", *(f"CAHPS_{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11)),
    "Measure_479", "Measure_484", "Measure_MCC1",
    *(f"QualityID_{n}" for n in (318, 110, 226, 113, 112, 438, 370)),
    *(f"QualityID_{n}_{how}" for n in ("134", "001", "236")
      for how in ("WI", "eCQM-CQM", "eCQM", "MIPSCQM", "MedicareCQM")),
)  # fmt: skip

NUMBERS: dict[str, tuple[str, ...]] = {
    "regional_adjustment": ("RegAdj", "PosRegAdj"),
    "prior_savings_adjustment": ("PriorSavAdj", "Prior_Sav_Adj"),
    "advance_paid": ("Adv_Pay_Amt",),
    "advance_balance": ("AIPBalance",),
    "advance_recouped": ("AIPRecoup", "Adv_Pay_Recoup"),
    "advance_still_owed": ("AIPOwe",),
    **{f"spending_{service}": names for service, names in _SERVICES.items()},
    **{f"demographic_risk_score_{ours}_{year}": (f"Demog_RiskScore_{its}_{year}",)
       for year in ("by3", "py") for ours, its in _TYPES.items()},
    **{f"risk_weight_{ours}": (f"RR_weight_{its}_PY",) for ours, its in _TYPES.items()},
    **{name.lower(): (name,) for name in _USE},
    **{name.lower().replace("-", "_"): (name,) for name in _QUALITY},
}  # fmt: skip
"""Numbers as CMS prints them: dollars, risk scores, events per 1,000 person-years, scores."""

PERCENTS = {"dual_share": ("Perc_Dual",), "institutional_share": ("Perc_LTI",)}
FLAGS = {
    "advance_payment": ("AIP", "Adv_Pay", "Advance pay status"),
    "reported_web_interface": ("Report_WI",),
    "reported_ecqm": ("Report_eCQM",),
    "reported_mips_cqm": ("Report_CQM",),
    "reported_ecqm_or_cqm": ("Report_eCQM_CQM", "Report_eCQM_CQM_MedicareCQM"),
    "quality_by_incentive": ("Met_Incentive",),
    "quality_by_first_year": ("Met_FirstYear",),
    "guardrail_subject": ("Guardrail",),
}
TEXTS = {
    "assignment_type": ("Assign_Type",),
    "agreement_type": ("Agree_Type",),
    "revenue_category": ("Rev_Exp_Cat",),
    "adjustment_category": ("FinalAdjCat",),
}
DETAILS = (
    *NUMBERS, *PERCENTS, *FLAGS, "regional_adjustment_positive", *TEXTS, "adjustment_applied",
)  # fmt: skip

_CATEGORIES = {
    "regionaladjustment": "regional_adjustment",
    "priorsavingsadjustment": "prior_savings_adjustment",
}


def details(columns: Columns) -> dict[str, npt.NDArray[np.generic]]:
    """Return what no settlement needs, by our words; what cannot be read is missing.

    Nothing here refuses a file: a cell that holds no number is missing, and a note says so.
    ``adjustment_applied`` is the dollars a person that CMS added to the historical benchmark, 0
    where it says that there was none, NaN where the file does not tell.

    Source: ours; the columns are those of CMS's files
    """
    found: dict[str, npt.NDArray[np.generic]] = {w: _numbers(columns, w, n) for w, n in
                                                  NUMBERS.items()}  # fmt: skip
    found |= {word: _shares(columns, word, names) for word, names in PERCENTS.items()}
    found |= {word: _flags(_cells(columns, names)) for word, names in FLAGS.items()}
    found |= {word: _texts(_cells(columns, names)) for word, names in TEXTS.items()}
    printed = np.asarray(found["regional_adjustment"], float)
    # Until 2021 the column holds a yes or no, later dollars: only the values tell them apart.
    if not columns.has("RegAdj") and np.isin(printed[~np.isnan(printed)], (0, 1)).all():
        found["regional_adjustment_positive"] = np.array(
            [None if np.isnan(value) else bool(value) for value in printed], object
        )
        found["regional_adjustment"] = np.full(len(printed), np.nan)
    else:
        found["regional_adjustment_positive"] = np.array([None] * len(printed), object)
    found["adjustment_applied"] = _applied(found)
    return {word: found[word] for word in DETAILS}


def _applied(found: dict[str, npt.NDArray[np.generic]]) -> Numbers:
    regional = np.asarray(found["regional_adjustment"], float)
    categories = found["adjustment_category"]
    if all(category is None for category in categories):
        return regional
    applied = np.full(len(regional), np.nan)
    for at, category in enumerate(categories):
        chosen = _CATEGORIES.get(plain(str(category)))
        if chosen is not None:
            applied[at] = float(np.asarray(found[chosen], float)[at])
        elif plain(str(category)) == "noadjustment":
            applied[at] = 0.0
    return applied


def _cells(columns: Columns, names: tuple[str, ...]) -> list[str]:
    known = {plain(heading): place for place, heading in reversed([*enumerate(columns.headings)])}
    for name in names:
        if (place := known.get(plain(name))) is not None:
            return [row[place] for row in columns.table.rows]
    return [""] * len(columns.table.rows)


def _shares(columns: Columns, word: str, names: tuple[str, ...]) -> Numbers:
    """Return a column of percents as fractions; a workbook holds 6.48% as 0.0648, unsigned."""
    values = _numbers(columns, word, names)
    signed = ["%" in cell for cell in _cells(columns, names)]
    percent = np.array(signed, bool) | bool(np.nanmax(values, initial=0.0) > 1)
    return np.asarray(np.round(np.where(percent, values / 100, values), 12), np.float64)


def _numbers(columns: Columns, word: str, names: tuple[str, ...]) -> Numbers:
    cells = _cells(columns, names)
    read = [number(cell) for cell in cells]
    lost = sum(one is None and not is_missing(cell) for one, cell in zip(read, cells, strict=True))
    if lost:
        columns.table.notes.append(
            f"Column {names[0]} holds {lost:,} cell{'' if lost == 1 else 's'} that "
            f"{'is' if lost == 1 else 'are'} no number; {word.replace('_', ' ')} is missing there."
        )
    return np.array([np.nan if one is None else one.value for one in read])


def _flags(cells: list[str]) -> npt.NDArray[np.object_]:
    known = {"1": True, "0": False, "1.0": True, "0.0": False}
    return np.array([known.get(cell.strip()) for cell in cells], object)


def _texts(cells: list[str]) -> npt.NDArray[np.object_]:
    texts = [None if is_missing(cell) else " ".join(cell.split()) for cell in cells]
    return np.array(texts, object)
