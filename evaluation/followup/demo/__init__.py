"""The demo's story: what has happened before you sign in, told through the rooms' own services.

Each step is a function of its own module here and takes ``at``; ``STEPS`` is the order. A step finds what the earlier
ones made by its code, and does nothing when its own is there already.
"""

from collections.abc import Callable
from datetime import datetime

from evaluation.followup.demo import applications

STEPS: tuple[Callable[[datetime], None], ...] = (applications.write,)
