"""Lessons as data: texts whose figures the engine fills in, and claims it must bear out."""

from mssp_sim.learning.content import (
    ContentError,
    Lesson,
    Myth,
    Option,
    Question,
    ScenarioPreset,
    StoryStep,
    myth_order,
    myths,
    presets,
    recall,
    story,
    story_order,
)
from mssp_sim.learning.states import SettledState, States, opening_states

__all__ = [
    "ContentError",
    "Lesson",
    "Myth",
    "Option",
    "Question",
    "ScenarioPreset",
    "SettledState",
    "States",
    "StoryStep",
    "myth_order",
    "myths",
    "opening_states",
    "presets",
    "recall",
    "story",
    "story_order",
]
