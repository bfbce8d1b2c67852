"""Which cases there are in the selection, and for whom.

``candidacies_visible_to`` is the only door to a case for reviewers, leads, chairs, council and office. Every
list, count and page of the selection starts there.
"""

from selection.queries.cases import (
    assignments_visible_to,
    candidacies_visible_to,
    own_is_missing,
    stages_visible_to,
    visible_cycle_keys,
    visible_keys,
    visible_training_keys,
    without_hidden_tasks,
    without_own_missing,
)
from selection.queries.deciding import batches_visible_to, draws_visible_to
from selection.queries.numbers import group_numbers_visible_to

__all__ = [
    "assignments_visible_to",
    "batches_visible_to",
    "candidacies_visible_to",
    "draws_visible_to",
    "group_numbers_visible_to",
    "own_is_missing",
    "stages_visible_to",
    "visible_cycle_keys",
    "visible_keys",
    "visible_training_keys",
    "without_hidden_tasks",
    "without_own_missing",
]
