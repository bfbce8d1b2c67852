"""Who gets what at which address: role and relation × address. A new address needs a row here.

Each row says what a GET answers: to ``public`` addresses the same to everybody, else to strangers the way to the
sign-in page. The case of the rows is in the technology review; everybody stands in one relation to it. Rows of
``posts`` are addresses that only take a POST: a GET answers 405, and a POST by anybody who is not named is refused.
"""

from django.contrib import admin
from django.db.models import Model

from awards.actions import sign_credential
from nominations.models import TriageBatch
from selection.models import (
    Assignment,
    AssignmentPlan,
    BatchLine,
    Candidacy,
    CaseNumbers,
    Decision,
    DecisionBatch,
    DiscussionPost,
    Draw,
    DrawLine,
    Feedback,
    GroupNumbers,
    Override,
    PlannedTask,
    RedactedDossier,
    ReleasedComment,
    Review,
    ReviewerOffset,
    ReviewVersion,
    Score,
)
from tests.access_rows import (
    ROLES,
    Args,
    Row,
    a_summit,
    batch,
    bounce,
    case,
    cycle,
    draft,
    draw,
    ended_tie,
    failed_mail,
    group,
    in_council,
    in_release,
    link,
    own_address,
    own_contribution,
    own_deleted,
    own_export,
    own_import,
    own_session,
    own_token,
    pair,
    photo,
    plan,
    posts,
    public,
    published,
    release,
    reported,
    scored,
    screened,
    signed_in,
    stage,
    stop_link,
    task,
    tie,
    training_case,
    voted,
)

PARTIES = "nominator nominee endorser"
OFFICE = "office office_tied"
STAFF = f"{OFFICE} auditor"

# Who sees the case at all, but may not do this: 403. To everybody else there is no such case: 404.
_CASE = dict.fromkeys(f"{PARTIES} office auditor".split(), 403)
_SCORED = dict.fromkeys(["reviewer", "technology_lead", "office"], 403)


def case_page(*, to: str, status: int = 200) -> Row:
    """A page of a case that some of those who see the case may open."""
    return signed_in(case, to=to, status=status, **{r: 403 for r in _CASE if r not in to.split()})


MATRIX: dict[str, Row] = {
    # what everybody may read
    "home": public(),
    "healthz": public(),
    "readyz": public(),
    "styleguide": public(),
    "verify": public(),
    "person": public(lambda world: [world.cast.holder.slug]),
    "person_contributions": public(lambda world: [world.cast.holder.slug]),
    "person_card": public(lambda world: [world.cast.holder.slug]),
    "photo": public(photo),
    "awards:roster": public(),
    "awards:roster_csv": public(),
    "awards:award": public(lambda world: [world.case.award.key]),
    "awards:code": public(lambda world: [world.case.award.key]),
    "awards:certificate": signed_in(lambda world: [world.case.award.key], to="nominee", others=403),
    "letter": signed_in(lambda world: [world.case.award.key], to="nominee", others=403),
    "awards:credential": public(lambda world: [world.case.award.key]),
    "awards:status_list": public(lambda world: [sign_credential(world.case.award).place.list_number]),
    "awards:did": public(),
    "selection:protocol_home": public(status=302),
    "selection:protocol": public(cycle),
    "selection:protocol_version": public(lambda world: [*published(world), 1]),
    "selection:protocol_rules": public(published),
    "api:index": public(),
    "api:api-root": public(),
    "api:openapi-json": public(),
    "api:openapi-view": public(),
    "api:people": public(),
    "api:person": public(lambda world: [world.cast.holder.slug]),
    "api:award": public(lambda world: [world.case.award.key]),
    "api:areas": public(),
    "api:categories": public(),
    "api:regions": public(),
    "api:cycles": public(),
    "api:events": public(),
    "api:types": public(),
    "api:log": public(status=401),  # a token opens it, not a session
    "api:entry": public(own_contribution, status=401),
    "numbers": public(),
    "numbers_csv": public(lambda world: ["years"]),
    "numbers_report": public(cycle, status=404),  # its letters are not out
    "numbers_report_csv": public(cycle, status=404),
    "awards_feed": public(),
    "summits_feed": public(),
    "robots": public(),
    "sitemap": public(),
    "sitemap_part": public(lambda world: ["people-0"]),
    "cycle_dates": public(cycle),
    "charter:content": public(lambda world: ["privacy"]),
    "events:summits": public(),
    "events:summit": public(a_summit),
    "events:calendar": public(a_summit),
    "events:letter": signed_in(a_summit, to="holder nominee", others=403),
    "events:register": posts(a_summit),
    "events:registration": signed_in(a_summit, to="nominee"),
    "events:cancel": posts(a_summit, by="nominee"),
    "events:show_attendance": posts(a_summit, by="nominee"),
    "events:office_summits": signed_in(to="office office_tied", others=403),
    "events:summit_new": signed_in(to="office office_tied", others=403),
    "events:registrations": signed_in(a_summit, to="office office_tied", others=403),
    "events:summit_edit": signed_in(a_summit, to="office office_tied", others=403),
    "events:summit_call_off": signed_in(a_summit, to="office office_tied", others=403),
    "events:registrations_csv": signed_in(a_summit, to="office office_tied", others=403),
    "events:mark_attendance": posts(a_summit, by="office office_tied"),
    "events:registration_end": signed_in(
        lambda world: [world.cast.nominee.registrations.get().key], to="office office_tied", others=403
    ),
    # signing in
    "account_login": signed_in(status=302, anonymous=200),
    "account_request_login_code": signed_in(status=302, anonymous=200),
    "account_confirm_login_code": public(status=302),
    "account_signup": signed_in(status=302, anonymous=200),
    "account_email_verification_sent": public(status=302),
    "account_logout": signed_in(),
    "account_inactive": public(),
    "account_set_password": signed_in(status=302),  # who has a password changes it
    "account_change_password": signed_in(),
    # one's own
    "language": public(status=405),
    "me": signed_in(),
    "erasing": signed_in(),
    "people:account": signed_in(),
    "people:address_confirm": signed_in(lambda world: ["an-old-token"], status=410),
    "people:settings_change": posts(),
    "people:address_add": posts(),
    "people:address_ask": posts(own_address, by="nominee"),
    "people:address_choose": posts(own_address, by="nominee"),
    "people:address_remove": posts(own_address, by="nominee"),
    "people:token_make": posts(),
    "people:token_revoke": posts(own_token, by="nominee"),
    "people:export_ask": posts(),
    "people:export_download": signed_in(own_export, to="nominee"),
    "people:person_erase": posts(),
    "accounts:session_end": posts(own_session, by="nominee"),
    "accounts:sessions_end_others": posts(),
    "contributions:list": signed_in(),
    "contributions:quick": posts(),
    "contributions:imports": signed_in(),
    "contributions:export_csv": signed_in(),
    "contributions:export_json": signed_in(),
    "contributions:import": signed_in(own_import, to="nominee"),
    "contributions:import_report": signed_in(own_import, to="nominee"),
    "contributions:import_confirm": posts(own_import, by="nominee"),
    "contributions:import_discard": posts(own_import, by="nominee"),
    "contributions:import_undo": posts(own_import, by="nominee"),
    "contributions:mark": posts(own_contribution, by="nominee"),
    "contributions:restore": posts(own_deleted, by="nominee"),
    "contributions:edit": signed_in(own_contribution, to="nominee"),
    "contributions:delete": posts(own_contribution, by="nominee"),
    "accounts:agreement_sign": posts(lambda world: [world.house.conduct.kind, world.house.conduct.version]),
    "people:profile_edit": signed_in(
        lambda world: [world.cast.nominee.slug], to="nominee", office=403, office_tied=403, auditor=403
    ),
    "people:photo_change": posts(lambda world: [world.cast.nominee.slug], by="nominee"),
    "people:photo_remove": posts(lambda world: [world.cast.nominee.slug], by="nominee"),
    "people:profile_confirm": posts(lambda world: [world.cast.nominee.slug], by="nominee"),
    "people:mail": signed_in(),
    "people:mail_stop": public(stop_link),
    # nominating: begun without signing in, and gone on with in the same browser or by its author
    "nominations:start": public(),
    "nominations:write": signed_in(lambda world: [world.draft.key, "person"], to="outsider", anonymous=404),
    "nominations:sent": signed_in(draft, to="outsider", status=302, anonymous=404),
    "nominations:mail_drafts": posts(lambda world: [], by=" ".join(ROLES), anonymous=405),
    "nominations:discard": posts(draft, by="outsider", anonymous=405),
    # links in mail: whoever holds one
    "nominations:confirm": public(link("confirm")),
    "nominations:resume": public(link("resume")),
    "nominations:invitation": public(link("invitation")),
    "nominations:endorsement": public(link("endorse")),
    # a case: its parties and the office
    "nomination": case_page(to=f"{PARTIES} office auditor"),
    "nominations:triage": signed_in(to=STAFF, others=403),
    "nominations:triage_preview": posts(by="office office_tied"),
    "nominations:triage_decide": posts(by="office office_tied"),
    "nominations:triage_undo": posts(
        lambda world: [TriageBatch.objects.latest("pk").key], by="office office_tied"
    ),
    "nominations:answer": case_page(to="nominee", status=302),
    "nominations:dossier": case_page(to="nominee"),
    "nominations:pick": posts(case, by="nominee"),
    "nominations:add": posts(case, by="nominee"),
    "nominations:request_endorsement": posts(case, by="nominee"),
    "nominations:endorsement_act": posts(
        lambda world: [world.case.nomination.key, world.case.endorser.key], by="nominee"
    ),
    "nominations:correct_address": case_page(to="nominator", status=302),
    "nominations:complete": posts(case, by="nominee"),
    "nominations:withdraw": case_page(to="nominee nominator"),
    "nominations:reopen": case_page(to="office"),
    "nominations:ineligible": case_page(to="office"),
    "nominations:merge": case_page(to="office"),
    "nominations:undo_merge": case_page(to="office"),
    "nominations:second_look": case_page(to="nominee"),
    "nominations:decline_award": posts(case, by="nominee"),
    # reviewing
    "selection:year": signed_in(),
    "selection:review": signed_in(regional_lead=302, council_member=302),
    "selection:search": signed_in(
        to=f"regional_lead reviewer reviewer_elsewhere reviewer_tied technology_lead council_member {OFFICE}",
        others=403,
    ),
    "selection:stage": signed_in(stage, to="reviewer", status=302),
    "selection:training": signed_in(stage, to="reviewer", status=302),
    "selection:training_case": signed_in(lambda world: [*stage(world), "training"], to="reviewer"),
    "selection:case": signed_in(scored, to="reviewer technology_lead office"),
    "selection:capacity": signed_in(),
    "selection:case_screen": posts(screened, by="regional_lead"),
    "selection:verdict_undo": posts(screened, by="regional_lead"),
    "selection:case_vote": posts(voted, by="council_member"),
    "selection:vote_undo": posts(voted, by="council_member"),
    "selection:review_save": posts(scored, by="reviewer"),
    "selection:review_submit": posts(scored, by="reviewer"),
    "selection:review_reopen": posts(scored, by="reviewer"),
    "selection:case_discuss": posts(scored, by="technology_lead"),
    "selection:post_withdraw": posts(lambda world: [*scored(world), 1], by="technology_lead"),
    "selection:case_skip": posts(scored, by="reviewer"),
    "selection:case_recuse": posts(scored, by="reviewer technology_lead office"),
    "selection:case_override": posts(in_council, by="council_member"),
    "selection:override_withdraw": posts(in_council, by="council_member"),
    # leading
    "selection:board": signed_in(to=f"technology_lead {OFFICE}", others=403),
    "selection:meeting": signed_in(
        lambda world: [*stage(world), world.house.servers.slug], to=f"technology_lead {OFFICE}", others=403
    ),
    "selection:copies": signed_in(to=f"technology_lead {OFFICE}", others=403),
    # the scored stage of the rows shows the nominee, so it has no copies: whoever sees the case is refused
    "selection:copy": signed_in(scored, to="nobody", reviewer=403, technology_lead=403, office=403),
    "selection:board_reviewers": signed_in(group, to="technology_lead", others=403),
    "selection:board_csv": signed_in(group, to=f"technology_lead {OFFICE}", others=403),
    "selection:minutes": signed_in(group, to=f"technology_lead {OFFICE}", others=403),
    "selection:numbers_compute": posts(group, by=f"technology_lead {OFFICE}"),
    "selection:decision_preview": posts(group, by=f"technology_lead {OFFICE}"),
    "selection:decision_make": posts(group, by=f"technology_lead {OFFICE}"),
    "selection:tie_draw": posts(group, by=f"technology_lead {OFFICE}"),
    "selection:draw": signed_in(draw, to="technology_lead office"),
    "selection:batch_undo": posts(batch, by="technology_lead office"),
    "selection:reserve_move": posts(scored, by="technology_lead office"),
    "selection:board_case": signed_in(scored, to="technology_lead office", reviewer=403),
    "selection:case_assign": posts(scored, by="technology_lead office"),
    "selection:assignment_take_back": posts(task, by="technology_lead office"),
    "selection:plans": signed_in(to=f"technology_lead {OFFICE}", others=403),
    "selection:plan_prepare": posts(by=f"technology_lead {OFFICE}"),
    "selection:plan": signed_in(plan, to=f"technology_lead {OFFICE}"),
    "selection:plan_publish": posts(plan, by=f"technology_lead {OFFICE}"),
    "selection:plan_discard": posts(plan, by=f"technology_lead {OFFICE}"),
    "selection:ties": signed_in(to=f"technology_lead {OFFICE}", others=403),
    "selection:tie_confirm": posts(tie, by="technology_lead office"),
    "selection:tie_dismiss": posts(tie, by="technology_lead office"),
    "selection:tie_lift": posts(ended_tie, by="technology_lead office"),
    # the office
    "office": signed_in(to=STAFF, others=403, status=302),
    "charter:contents": signed_in(to=STAFF, others=403),
    "charter:content_edit": signed_in(lambda world: ["about", "en"], to=OFFICE, others=403),
    "charter:content_old": signed_in(lambda world: ["about", "en", 1], to=STAFF, others=403),
    "office_duplicates": signed_in(to=STAFF, others=403),
    "pair_dismiss": posts(pair, by=OFFICE),
    "office_mail": signed_in(to=STAFF, others=403),
    "mail_kind": signed_in(lambda world: ["selection.tasks"], to=STAFF, others=403),
    "mail_kind_html": signed_in(lambda world: ["selection.tasks"], to=STAFF, others=403),
    "mail_again": posts(failed_mail, by=OFFICE),
    "bounce_lift": posts(bounce, by=OFFICE),
    "mail_hook": posts(by="nobody", anonymous=405),  # a signature opens it, not a session
    "nominations:renewals": signed_in(cycle, to=OFFICE, others=403),
    "nominations:open_renewals": posts(cycle, by=OFFICE),
    "selection:cycle_list": signed_in(to=STAFF, others=403),
    "selection:cycle_new": signed_in(to=OFFICE, others=403),
    "selection:cycle": signed_in(cycle, to=STAFF, others=403),
    "selection:cycle_setup": signed_in(cycle, to=STAFF, others=403),
    "selection:cycle_edit": signed_in(cycle, to=OFFICE, others=403),
    "selection:places_edit": signed_in(cycle, to=OFFICE, others=403),
    "selection:stage_add": posts(cycle, by=OFFICE),
    "selection:stage_edit": signed_in(stage, to=OFFICE, others=403),
    "selection:rubric_edit": signed_in(stage, to=OFFICE, others=403),
    "selection:training_add": signed_in(stage, to=OFFICE, others=403, status=302),  # the stage has begun
    "selection:training_edit": signed_in(training_case, to=OFFICE, others=403, status=302),
    "selection:training_remove": posts(training_case, by=OFFICE),
    "selection:stage_remove": posts(stage, by=OFFICE),
    "selection:stage_bring_forward": posts(stage, by=OFFICE),
    "selection:stage_open": posts(stage, by=OFFICE),
    "selection:stage_close": posts(stage, by=OFFICE),
    "selection:stage_admit": posts(stage, by=OFFICE),
    "selection:stage_move": posts(stage, by=OFFICE),
    "selection:stage_remind": posts(stage, by=OFFICE),
    "selection:stage_top_up": signed_in(stage, to=OFFICE, others=403),
    "selection:undecided": signed_in(cycle, to=OFFICE, others=403),
    "selection:case_resolve": posts(in_council, by="office"),
    "selection:after_release": signed_in(cycle, to=OFFICE, others=403),
    "selection:case_look_again": posts(in_council, by="office"),
    "selection:case_decide_again": posts(in_council, by="office"),
    "selection:case_take_back": posts(in_council, by="office"),
    "selection:release": signed_in(cycle, to=OFFICE, others=403),
    "selection:feedback": signed_in(cycle, to=OFFICE, others=403),
    "selection:feedback_save": posts(cycle, by=OFFICE),
    "selection:feedback_reason": posts(cycle, by=OFFICE),
    "selection:report": signed_in(reported, to=OFFICE, others=403),
    "selection:report_correct": posts(reported, by=OFFICE),
    "selection:release_mails": signed_in(cycle, to=OFFICE, others=403),
    "selection:release_mail": signed_in(
        in_release, to="office", office_tied=404, others=403
    ),  # of its category
    "selection:release_prepare": posts(cycle, by=OFFICE),
    "selection:release_confirm": posts(release, by="office"),  # one that holds the tied case alone is hidden
    "selection:release_hold": posts(release, by="office"),
    # the admin's own pages; those of each table are added below
    "admin:index": signed_in(to=STAFF, others=403),
    "admin:jsi18n": signed_in(to=STAFF, others=403),
    "admin:autocomplete": signed_in(status=403),  # no form of ours uses it
    "admin:app_list": signed_in(lambda world: ["charter"], to=STAFF, others=403),
}

CSV_FILES = {  # of those that are not everybody's
    "contributions:export_csv", "contributions:import_report", "events:registrations_csv", "selection:board_csv",
}  # fmt: skip

NOT_THE_AUDITORS = {
    RedactedDossier,
    Candidacy, Assignment, Review, Score, ReviewVersion, Override, Decision,
    GroupNumbers, CaseNumbers, ReviewerOffset, Feedback, ReleasedComment, AssignmentPlan, PlannedTask,
    DiscussionPost, DecisionBatch, BatchLine, Draw, DrawLine,
}  # fmt: skip


def admin_rows() -> dict[str, Row]:
    """Office and auditor read every table, the office adds and removes where the table allows it."""
    rows: dict[str, Row] = {}
    for model, records in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        an_object = _first(model)
        rows[f"{name}_changelist"] = signed_in(to=STAFF, others=403)
        rows[f"{name}_add"] = signed_in(to=OFFICE if records.may_add else "nobody", others=403)
        unseen = model in NOT_THE_AUDITORS
        rows[f"{name}_change"] = signed_in(
            an_object, to=STAFF, others=403, **({"auditor": 302} if unseen else {})
        )
        rows[f"{name}_history"] = signed_in(
            an_object, to=STAFF, others=403, status=302, **({"auditor": 404} if unseen else {})
        )
        rows[f"{name}_delete"] = signed_in(
            an_object, to=OFFICE if records.may_delete else "nobody", others=403
        )
        if records.buttons:
            verb = records.buttons[0].verb
            rows[f"{name}_do"] = signed_in(
                lambda world, f=an_object, v=verb: [*f(world), v],
                to=OFFICE, others=403, **({"auditor": 404} if unseen else {}),
            )  # fmt: skip
    return rows


def _first(model: type[Model]) -> Args:
    """A row that has nothing to do with the case: what is hidden is tested in ``tests/admin/test_conflicts.py``."""
    return lambda world: [model._default_manager.order_by("-pk").values_list("pk", flat=True)[0]]
