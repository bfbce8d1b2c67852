"""What the credential of an award says as things stand, and whether the one that is stored still says so."""

from urllib.parse import urlencode

from django.conf import settings

from awards import signing
from awards.models import Award, Credential
from charter.models import Program
from charter.queries import program
from common import clock


def said_of(award: Award) -> signing.Facts:
    """The facts that are signed, in English; ``award.person`` and ``award.area`` are read with it."""
    now, person = program(), award.person
    return signing.Facts(
        key=award.key,
        number=award.number,
        names=tuple(dict.fromkeys(filter(None, (person.name, person.latin_name)))),
        award_name=now.award_name,
        area=award.area.slug,
        area_name=award.area_name,
        category_name=award.category_name,
        granted_at=award.proved_from,
        starts=award.starts,
        ends=award.ends,
        zone=clock.site_zone(),
        program=now.name,
        description=(
            f"Given by peers for expert help with {award.area_name} that was freely given to others. "
            "It is personal and unpaid, and held for a term."
        ),
        criteria=(
            "Reviewed by peers: help given in the year before the award, unpaid and in one's own time. "
            "It is neither an exam nor a certification, and the holder does not work for the organiser."
        ),
    )


def is_current(award: Award, credential: Credential) -> bool:
    """Would it be signed in the same words, at the same place, and is its key trusted? Names, terms and the site's
    address change; a place is given up for good."""
    if credential.key.distrusted_at or credential.place.taken_back_at:
        return False
    document = signing.credential(said_of(award), site=settings.SITE_URL, place=credential.place_id)
    return credential.digest == signing.digest_of(document)


def linkedin_address(award: Award, program: Program) -> str:
    """LinkedIn's own form to add a certification, filled in; nothing is sent to it before its holder follows the link."""
    facts = {
        "startTask": "CERTIFICATION_NAME",
        "name": f"{program.award_name}: {award.area_name}",
        "organizationName": program.name,
        "issueYear": award.starts.year,
        "issueMonth": award.starts.month,
        "certUrl": f"{settings.SITE_URL}/awards/{award.key}/",
        "certId": award.number,
    }
    if award.ends:
        facts |= {"expirationYear": award.ends.year, "expirationMonth": award.ends.month}
    return f"https://www.linkedin.com/profile/add?{urlencode(facts)}"
