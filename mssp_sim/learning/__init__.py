"""Lessons as data: texts whose figures the engine fills in, and claims it must bear out."""

from mssp_sim.learning.content import (
    ContentError,
    Lesson,
    Myth,
    Option,
    Preset,
    Question,
    Step,
    myths,
    presets,
    recall,
    story,
)
from mssp_sim.learning.states import State, States, opening_states

__all__ = [
    "ContentError",
    "Lesson",
    "Myth",
    "Option",
    "Preset",
    "Question",
    "State",
    "States",
    "Step",
    "myths",
    "opening_states",
    "presets",
    "recall",
    "story",
]
