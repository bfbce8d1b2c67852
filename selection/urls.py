"""Addresses of the selection: /review/ for reviewers, /board/ for chairs, /office/cycles/ for the office,
/protocol/ for everybody."""

from django.urls import path

from common.converters import register
from selection.views import (
    board,
    copies,
    council,
    cycle,
    desk,
    feedback,
    plans,
    protocol,
    release,
    screening,
    search,
    setup,
    ties,
    training,
    voting,
    work,
)

register()
app_name = "selection"
GROUP = "board/<slug:cycle>/<int:number>/<slug:category>"

urlpatterns = [
    path("protocol/", protocol.protocol_home, name="protocol_home"),
    path("protocol/<slug:slug>/", protocol.protocol_page, name="protocol"),
    path("protocol/<slug:slug>/<int:number>/", protocol.protocol_version, name="protocol_version"),
    path("protocol/<slug:slug>/rules.json", protocol.protocol_rules, name="protocol_rules"),
    path("review/", work.review_home, name="review"),
    path("review/search/", search.case_search, name="search"),
    path("review/capacity/", plans.capacity_edit, name="capacity"),
    path("review/<slug:cycle>/<int:number>/", work.stage_work, name="stage"),
    path("review/<slug:cycle>/<int:number>/training/", training.training_start, name="training"),
    path(
        "review/<slug:cycle>/<int:number>/training/<slug:case>/", training.training_case, name="training_case"
    ),
    path("review/<key:key>/", work.case_review, name="case"),
    path("review/<key:key>/screen/", screening.case_screen, name="case_screen"),
    path("review/<key:key>/undo/", screening.verdict_undo, name="verdict_undo"),
    path("review/<key:key>/vote/", voting.case_vote, name="case_vote"),
    path("review/<key:key>/vote/undo/", voting.vote_undo, name="vote_undo"),
    path("review/<key:key>/save/", desk.review_save, name="review_save"),
    path("review/<key:key>/submit/", desk.review_submit, name="review_submit"),
    path("review/<key:key>/reopen/", desk.review_reopen, name="review_reopen"),
    path("review/<key:key>/skip/", desk.case_skip, name="case_skip"),
    path("review/<key:key>/recuse/", work.case_recuse, name="case_recuse"),
    path("review/<key:key>/override/", council.case_override, name="case_override"),
    path("review/<key:key>/override/withdraw/", council.override_withdraw, name="override_withdraw"),
    path("board/", board.board_list, name="board"),
    path("board/copies/", copies.copy_list, name="copies"),
    path("board/copies/<key:key>/", copies.copy_check, name="copy"),
    path("board/plans/", plans.plan_list, name="plans"),
    path("board/plans/prepare/", plans.plan_prepare, name="plan_prepare"),
    path("board/plans/<key:key>/", plans.plan_detail, name="plan"),
    path("board/plans/<key:key>/publish/", plans.plan_publish, name="plan_publish"),
    path("board/plans/<key:key>/discard/", plans.plan_discard, name="plan_discard"),
    path("board/ties/", ties.tie_list, name="ties"),
    path("board/<key:key>/ties/<key:person>/<slug:kind>/confirm/", ties.tie_confirm, name="tie_confirm"),
    path("board/<key:key>/ties/<key:person>/<slug:kind>/dismiss/", ties.tie_dismiss, name="tie_dismiss"),
    path(f"{GROUP}/reviewers/", board.board_reviewers, name="board_reviewers"),
    path(f"{GROUP}/compute/", board.numbers_compute, name="numbers_compute"),
    path("board/<key:key>/", board.board_case, name="board_case"),
    path("board/<key:key>/assign/", board.case_assign, name="case_assign"),
    path(
        "board/<key:key>/take-back/<key:reviewer>/", board.assignment_take_back, name="assignment_take_back"
    ),
    path("office/cycles/", setup.cycle_list, name="cycle_list"),
    path("office/cycles/new/", setup.cycle_new, name="cycle_new"),
    path("office/cycles/<slug:slug>/", cycle.cycle_overview, name="cycle"),
    path("office/cycles/<slug:slug>/setup/", setup.cycle_setup, name="cycle_setup"),
    path("office/cycles/<slug:slug>/setup/dates/", setup.cycle_edit, name="cycle_edit"),
    path("office/cycles/<slug:slug>/setup/places/", setup.places_edit, name="places_edit"),
    path("office/cycles/<slug:slug>/setup/stages/", setup.stage_add, name="stage_add"),
    path("office/cycles/<slug:slug>/setup/stages/<int:number>/", setup.stage_edit, name="stage_edit"),
    path(
        "office/cycles/<slug:slug>/setup/stages/<int:number>/remove/", setup.stage_remove, name="stage_remove"
    ),
    path(
        "office/cycles/<slug:slug>/setup/stages/<int:number>/forward/",
        setup.stage_bring_forward,
        name="stage_bring_forward",
    ),
    path("office/cycles/<slug:slug>/stages/<int:number>/open/", cycle.stage_open, name="stage_open"),
    path("office/cycles/<slug:slug>/stages/<int:number>/close/", cycle.stage_close, name="stage_close"),
    path("office/cycles/<slug:slug>/stages/<int:number>/admit/", cycle.stage_admit, name="stage_admit"),
    path("office/cycles/<slug:slug>/stages/<int:number>/top-up/", plans.stage_top_up, name="stage_top_up"),
    path("office/cycles/<slug:slug>/stages/<int:number>/move/", cycle.stage_move, name="stage_move"),
    path("office/cycles/<slug:slug>/undecided/", cycle.undecided_list, name="undecided"),
    path("office/cases/<key:key>/resolve/", cycle.case_resolve, name="case_resolve"),
    path("office/cycles/<slug:slug>/after/", cycle.after_release, name="after_release"),
    path("office/cases/<key:key>/look-again/", cycle.case_look_again, name="case_look_again"),
    path("office/cases/<key:key>/decide-again/", cycle.case_decide_again, name="case_decide_again"),
    path("office/cycles/<slug:slug>/feedback/", feedback.feedback_list, name="feedback"),
    path("office/cycles/<slug:slug>/feedback/save/", feedback.feedback_save, name="feedback_save"),
    path("office/cycles/<slug:slug>/feedback/reason/", feedback.feedback_reason, name="feedback_reason"),
    path("office/cycles/<slug:slug>/release/", release.release_status, name="release"),
    path("office/cycles/<slug:slug>/release/mails/", release.release_mails, name="release_mails"),
    path("office/cycles/<slug:slug>/release/mails/<key:key>/", release.release_mail, name="release_mail"),
    path("office/cycles/<slug:slug>/release/prepare/", release.release_prepare, name="release_prepare"),
    path("office/releases/<key:key>/confirm/", release.release_confirm, name="release_confirm"),
    path("office/releases/<key:key>/hold/", release.release_hold, name="release_hold"),
]
