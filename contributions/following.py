"""What becomes of a log when its person is merged or erased; called through ``common.registry``."""

from common.actor import Actor
from contributions.models import Contribution, ContributionImport, DeletedContribution
from people.models import Person


def follow_merged_persons(kept: Person, absorbed: Person, *, by: Actor | None = None) -> None:
    """Two rows were found to be one human: their logs are one."""
    for model in (Contribution, DeletedContribution, ContributionImport):
        model.objects.filter(person=absorbed).update(person=kept)


def erase_log(person: Person, *, by: Actor | None = None) -> None:
    """Nothing of a log stays. Copies in the dossiers of cases are erased with those."""
    for model in (Contribution, DeletedContribution, ContributionImport):
        model.objects.filter(person=person).delete()
