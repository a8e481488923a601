"""What is left of a frame: one way of counting it, for every page and every rule. Pure; all amounts in whole kroner."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameState:
    """What has been granted under a frame, seen from one of the rounds that share it.

    Granted is what stands as decided, and what a meeting has resolved that is not decided yet; what was given back is
    not. ``amount`` is None while the frame is unknown.
    """

    amount: int | None
    granted_here: int = 0
    granted_elsewhere: int = 0

    @property
    def granted(self) -> int:
        """What is granted altogether."""
        return self.granted_here + self.granted_elsewhere

    @property
    def left(self) -> int | None:
        """What is left; negative when more is granted. None while the frame is unknown."""
        return None if self.amount is None else self.amount - self.granted

    @property
    def over(self) -> int:
        """How much more than the frame is granted; 0 when nothing is."""
        return max(-(self.left or 0), 0)

    def after(self, amount: int) -> "FrameState":
        """The same when this round has granted so much more."""
        return FrameState(self.amount, self.granted_here + amount, self.granted_elsewhere)
