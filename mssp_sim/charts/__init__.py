"""Pictures: arrays in, a Vega-Lite specification and its data out. No Streamlit, no rules."""

from mssp_sim.charts.bridge import bridge
from mssp_sim.charts.payoff import payoff
from mssp_sim.charts.theme import Picture

__all__ = ["Picture", "bridge", "payoff"]
