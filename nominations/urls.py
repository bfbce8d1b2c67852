"""Addresses of nominations. The page of a case, ``/nominations/<key>/``, needs the selection as well and is
the project's (``mvp_program.pages.nomination``)."""

from django.urls import path, re_path

from common.converters import register
from nominations.views import answers, cases, dossier, endorsements, links, renewals, triage, wizard

register()
app_name = "nominations"

OF_LINK = r"(?P<token>[0-9A-Z]{10,24}-[0-9a-f]{32})"

urlpatterns = [
    path("nominate/", wizard.nomination_start, name="start"),
    re_path(rf"^nominate/confirm/{OF_LINK}/$", links.nomination_confirm, name="confirm"),
    re_path(rf"^nominate/resume/{OF_LINK}/$", links.nomination_resume, name="resume"),
    re_path(rf"^invitation/{OF_LINK}/$", answers.nomination_invitation, name="invitation"),
    re_path(rf"^endorse/{OF_LINK}/$", endorsements.endorsement_write, name="endorsement"),
    path("nominate/drafts/", wizard.drafts_mail, name="mail_drafts"),
    path("nominate/<key:key>/sent/", wizard.nomination_sent, name="sent"),
    path("nominate/<key:key>/discard/", wizard.nomination_discard, name="discard"),
    re_path(
        r"^nominate/(?P<key>[2-9A-HJ-NP-TV-Z]{4,24})/(?P<step>about|person|vouch|check)/$",
        wizard.nomination_write,
        name="write",
    ),
    path("office/cycles/<slug:slug>/renewals/", renewals.renewal_preview, name="renewals"),
    path("office/cycles/<slug:slug>/renewals/open/", renewals.renewals_open, name="open_renewals"),
    path("office/triage/", triage.triage_list, name="triage"),
    path("office/triage/preview/", triage.triage_preview, name="triage_preview"),
    path("office/triage/decide/", triage.triage_decide, name="triage_decide"),
    path("office/triage/<key:key>/undo/", triage.triage_undo, name="triage_undo"),
    path("nominations/<key:key>/answer/", answers.nomination_answer, name="answer"),
    path("nominations/<key:key>/dossier/", dossier.dossier_show, name="dossier"),
    path("nominations/<key:key>/dossier/pick/", dossier.dossier_pick, name="pick"),
    path("nominations/<key:key>/dossier/add/", dossier.dossier_add, name="add"),
    path("nominations/<key:key>/endorsements/", dossier.endorsement_request, name="request_endorsement"),
    path(
        "nominations/<key:key>/endorsements/<key:support>/", dossier.endorsement_act, name="endorsement_act"
    ),
    path("nominations/<key:key>/address/", cases.address_correct, name="correct_address"),
    path("nominations/<key:key>/complete/", dossier.nomination_complete, name="complete"),
    path("nominations/<key:key>/withdraw/", cases.nomination_withdraw, name="withdraw"),
    path("nominations/<key:key>/reopen/", cases.nomination_reopen, name="reopen"),
    path("nominations/<key:key>/ineligible/", cases.nomination_ineligible, name="ineligible"),
    path("nominations/<key:key>/merge/", cases.nomination_merge, name="merge"),
    path("nominations/<key:key>/merge/undo/", cases.nomination_undo_merge, name="undo_merge"),
    path("nominations/<key:key>/second-look/", cases.nomination_second_look, name="second_look"),
    path("nominations/<key:key>/decline-award/", cases.award_decline, name="decline_award"),
]
