"""The settlements every export is looked at for, and a name that tries to run."""

from mssp_sim import Scenario, State

BASELINE = Scenario(quality_score=0.82)
CASES = {
    State.PARTIAL: Scenario(),
    State.OVERSPENT_TWO_SIDED: Scenario(cost_reduction=-0.05),
    State.AT_THE_PAYMENT_LIMIT: Scenario(cost_reduction=0.24, quality_score=0.9),
    State.UNDER_THE_MINIMUM: Scenario(cost_reduction=0.019),
}
CROWDED = Scenario(
    assigned_beneficiaries=4_321, level="ENHANCED", cost_reduction=-0.16, market_share=0.3,
    regional_growth=0.03, national_growth=0.04, own_growth=0.06, risk_growth=0.05,
    demographic_growth=0.01, real_illness_share=0.4, regional_level=0.1, underserved_share=0.3,
    prior_savings_per_person=200, participant_revenue_share=1.2, disaster_share=0.135,
    other_acos_share=0.2, other_acos_reduction=0.01, own_effect=True, benchmark_calibration=1.01,
)  # fmt: skip
"""Under the guardrail and the minimum size, with nearly every field moved: the most words."""

HOSTILE = "=1+1 <b>&amp;</b><img src=x>\x00\n../../x 日本 {{name}} %PDF"
