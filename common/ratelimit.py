"""How often somebody may ask in a minute, counted in the memory of each web process.

Counting in the database would cost more than most answers. Requests spread over the processes, so each grants its part.
"""

import threading
import time
from dataclasses import dataclass, field

WINDOW = 60  # seconds


@dataclass
class RateLimit:
    """``most``: in a minute, from one place, at one process; 0 is no limit."""

    most: int
    _window: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def seconds_to_wait(self, place: str) -> int:
        """0 where the request may go on; it is counted."""
        if not self.most:
            return 0
        now = time.time()
        with self._lock:
            if (window := int(now // WINDOW)) != self._window:
                self._window, self._counts = window, {}
            count = self._counts[place] = self._counts.get(place, 0) + 1
        return 0 if count <= self.most else max(1, int(WINDOW - now % WINDOW))

    def forget(self) -> None:
        self._counts = {}
