"""How much of a cluster may be read."""

from typing import Literal

Level = Literal["namespace", "cluster", "evidence"]
