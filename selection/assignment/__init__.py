"""Who reviews what. Pure: numpy and scipy alone, no Django, no database; it answers with codes, never sentences.

People and cases are integer codes from 0. ``assign`` solves a sparse integer program over candidate pairs, which
``shortlists`` makes; ``top_up`` and ``repair`` are ``assign`` with the running tasks fixed; ``short_of``
checks by a flow, before anything is solved, whether the lists can fill every place.

The program, for pairs p = (case, reviewer) and x_p in {0, 1}, maximises

    Σ affinity_p·x_p − PLACE·(places left open) − WISH·(cases without expert, cases without outsider)
                     − LOAD·(reviews outside the band of equal loads)

such that each case gets at most its places, each reviewer at most their capacity, and no case two reviewers of one
employer. Only listed pairs exist, so a forbidden pair cannot come out. The weights are far enough apart that a
place outranks a wish, a wish equal loads, and equal loads affinity.

Without the employer rows both sides of the matrix are laminar families (experts and outsiders of a case are
disjoint parts of its places; the band of a reviewer lies inside the capacity), so it is totally unimodular and the
simplex method returns whole numbers (Edmonds 1970; Schrijver, *Combinatorial Optimization*, 2003, §41.4). Employer
rows can make a few values fractional: the whole ones are then fixed and the rest is solved as integers.
The method follows the fair assignment of papers to reviewers (Garg et al. 2010; Taylor 2008) with loads as a cost.
Same input, same answer: one thread, no clock, no chance.
"""

from selection.assignment.lacks import Assigned, ClassOfLoads, Figures, Lack
from selection.assignment.pairs import NO_EMPLOYERS, NO_PAIRS, Pairs, pairs_of
from selection.assignment.program import short_of
from selection.assignment.shortlists import Cases, Panel, affinity, candidate_pairs, known_pairs, plan
from selection.assignment.solving import assign, repair, room_in_top_up, top_up

__all__ = [
    "NO_EMPLOYERS",
    "NO_PAIRS",
    "Assigned",
    "Cases",
    "ClassOfLoads",
    "Figures",
    "Lack",
    "Pairs",
    "Panel",
    "affinity",
    "assign",
    "candidate_pairs",
    "known_pairs",
    "pairs_of",
    "plan",
    "repair",
    "room_in_top_up",
    "short_of",
    "top_up",
]
