"""Admin of the selection. It starts from the same doors as the selection's own pages: what is hidden there from
somebody of the office, because of a tie or because their own review is not in, is hidden here."""

from selection.admin import board, cases, plans, releases, rubrics, stages

__all__ = ["board", "cases", "plans", "releases", "rubrics", "stages"]
