"""A profile where it is made of many small components, drawn as strings: pills, awards to check, small charts."""

from collections.abc import Iterable

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from awards.models import Award
from awards.proof import linkedin_address
from charter.models import Program
from common import drawing
from common.drawing import escape
from common.http import address_of
from common.languages import named
from common.letters import site_address
from common.ordinals import nth
from contributions.queries import Activity
from mvp_program.pages.profile import Profile

AWARDS_BESIDE = 2


def pills_drawn(profile: Profile, now: Program) -> SafeString:
    """How the person stands."""
    pills = [drawing.pill(_("In memoriam"))] if profile.person.deceased else []
    if profile.in_force:
        holds = _("Holds the award in %(year)s") % {"year": now.current_year}
        pills.append(drawing.pill(holds, kind="good", icon_name="badge-check"))
        pills.append(drawing.pill(_("%(nth)s year") % {"nth": nth(len(profile.years))}, kind="gold"))
    elif profile.standing:
        pills += [drawing.pill(_("Alumni"), kind="info")] if profile.is_alumni else []
        pills.append(f'<span class="small muted">{escape(profile.standing)}</span>')
    return SafeString("".join(pills))


def awards_drawn(profile: Profile, now: Program, *, theirs: bool) -> SafeString:
    """The awards beside a profile, each with a code that opens its page; its holder gets the papers too."""
    return SafeString("".join([_award(award, now, theirs) for award in profile.in_force[:AWARDS_BESIDE]]))


def _award(award: Award, now: Program, theirs: bool) -> SafeString:
    page = address_of("awards:award", award.key)
    said = escape(_("QR code that opens %(address)s") % {"address": site_address(page)})
    code = address_of("awards:code", award.key)
    picture = f'<img class="qr" src="{code}" width="112" height="112" loading="lazy" alt="{said}">'
    days = [(_("From"), award.starts), *([(_("Until"), award.ends)] if award.ends else [])]
    facts = drawing.facts([(term, date_format(day, "SHORT_DATE_FORMAT")) for term, day in days])
    acts = [drawing.link_button(_("Check this award"), page, kind="primary")]
    if theirs:
        paper = address_of("awards:certificate", award.key)
        linkedin = linkedin_address(award, now)
        acts.append(drawing.link_button(_("Add to LinkedIn"), linkedin, icon_name="external-link"))
        acts.append(drawing.link_button(_("Certificate (PDF)"), paper, icon_name="download"))
    content = f'<div class="qr-facts">{picture}{facts}</div><div class="stack-sm">{" ".join(acts)}</div>'
    return drawing.credential(
        content,
        id=f"award-{award.key}",
        title=_("Award for %(name)s") % {"name": named(award.area_name)},
        number=award.number,
        pill=_("In force"),
        pill_kind="good",
    )


def charts_drawn(kinds: Iterable[Activity], *, first: str, last: str, span: str) -> SafeString:
    """One small chart of the last months for each kind of contribution."""
    return SafeString("".join([_chart(kind, first, last, span) for kind in kinds]))


def _chart(kind: Activity, first: str, last: str, span: str) -> str:
    values = {"name": kind.name, "span": span, "values": ", ".join(map(str, kind.months))}
    label = _("%(name)s per month, %(span)s: %(values)s") % values
    return (
        f'<div class="multiple"><div class="multiple__head"><h3 class="multiple__title">{escape(kind.name)}</h3>'
        f'<p class="multiple__num">{intcomma(kind.total)}</p></div>'
        f"{drawing.bars(kind.months, label=label, first=first, last=last)}</div>"
    )
