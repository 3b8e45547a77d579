"""The controls: one small file each, below a folder for each chapter."""

from k8snb.controls.model import Control, Evidence, Example, Observation, Parameter, References, seen, unknown
from k8snb.controls.registry import control, controls, find, select

__all__ = [
    "Control",
    "Evidence",
    "Example",
    "Observation",
    "Parameter",
    "References",
    "control",
    "controls",
    "find",
    "seen",
    "select",
    "unknown",
]
