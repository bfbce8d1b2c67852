"""What changes the selection. Each action is one transaction: lock, check, write, history, mail."""

from selection.actions.assignments import (
    abstain,
    assign_reviewer,
    assign_role_holders,
    decline_assignment,
    follow_merged_persons,
    recuse,
    refuse_to_part_winners,
    skip_task,
    take_back_assignment,
)
from selection.actions.board import ON_BOARD, decide_in_bulk, draw_tie, move_on_reserve, undo_batch
from selection.actions.cases import follow_case
from selection.actions.closing import Closing, close_stage
from selection.actions.copies import StillTelling, check_copy, propose_copies
from selection.actions.council import override_proposal, withdraw_override
from selection.actions.decisions import (
    decide_again,
    decide_reserve,
    decide_second_look,
    offer_freed_place,
    outcomes_to_resolve,
    resolve_candidacy,
    take_back_decision,
)
from selection.actions.delays import note_dates, tell_delay, watch_dates
from selection.actions.discussion import open_discussion, post_to_discussion, withdraw_post
from selection.actions.erasing import erase_person_from_selection, erase_texts_of_case
from selection.actions.feedback import set_reason, write_letters
from selection.actions.means import numbers_due
from selection.actions.numbers import compute_numbers
from selection.actions.plans import (
    Published,
    discard_plan,
    find_readers,
    make_plan,
    prepare_plan,
    publish_plan,
    refill_stage,
    set_capacity,
)
from selection.actions.reassigning import Reassigned, reassign_cases
from selection.actions.releases import (
    begin_award_year,
    cancel_release,
    carry_out_release,
    confirm_release,
    mail_history_head,
    prepare_release,
    releases_due,
    reschedule_release,
    tell_own_year,
)
from selection.actions.reminders import Reminded, remind_reviewers, send_due_reminders
from selection.actions.reports import correct_report, publish_missing_reports, publish_report
from selection.actions.reviews import (
    ReviewIncomplete,
    ReviewOutdated,
    give_verdict,
    reopen_review,
    save_review,
    saved_content,
    submit_review,
)
from selection.actions.rubrics import change_rubric, put_training, remove_training
from selection.actions.second_looks import open_second_look
from selection.actions.setup import (
    add_stage,
    bring_stage_forward,
    change_cycle,
    change_stage,
    copy_cycle,
    make_cycle,
    remove_stage,
    set_places,
    use_preset,
    years_later,
)
from selection.actions.stages import (
    admit_cases,
    move_stage,
    open_stage,
    reopen_stage,
)
from selection.actions.ties import (
    end_tied_tasks,
    follow_ties,
    look_for_ties,
    stages_without_ties,
    suggest_mutual,
)
from selection.actions.top_up import nearest_the_line, top_up_stage
from selection.actions.training import answer_training

__all__ = [
    "ON_BOARD",
    "Closing",
    "Published",
    "Reassigned",
    "Reminded",
    "ReviewIncomplete",
    "ReviewOutdated",
    "StillTelling",
    "abstain",
    "add_stage",
    "admit_cases",
    "answer_training",
    "assign_reviewer",
    "assign_role_holders",
    "begin_award_year",
    "bring_stage_forward",
    "cancel_release",
    "carry_out_release",
    "change_cycle",
    "change_rubric",
    "change_stage",
    "check_copy",
    "close_stage",
    "compute_numbers",
    "confirm_release",
    "copy_cycle",
    "correct_report",
    "decide_again",
    "decide_in_bulk",
    "decide_reserve",
    "decide_second_look",
    "decline_assignment",
    "discard_plan",
    "draw_tie",
    "end_tied_tasks",
    "erase_person_from_selection",
    "erase_texts_of_case",
    "find_readers",
    "follow_case",
    "follow_merged_persons",
    "follow_ties",
    "give_verdict",
    "look_for_ties",
    "mail_history_head",
    "make_cycle",
    "make_plan",
    "move_on_reserve",
    "move_stage",
    "nearest_the_line",
    "note_dates",
    "numbers_due",
    "offer_freed_place",
    "open_discussion",
    "open_second_look",
    "open_stage",
    "outcomes_to_resolve",
    "override_proposal",
    "post_to_discussion",
    "prepare_plan",
    "prepare_release",
    "propose_copies",
    "publish_missing_reports",
    "publish_plan",
    "publish_report",
    "put_training",
    "reassign_cases",
    "recuse",
    "refill_stage",
    "refuse_to_part_winners",
    "releases_due",
    "remind_reviewers",
    "remove_stage",
    "remove_training",
    "reopen_review",
    "reopen_stage",
    "reschedule_release",
    "resolve_candidacy",
    "save_review",
    "saved_content",
    "send_due_reminders",
    "set_capacity",
    "set_places",
    "set_reason",
    "skip_task",
    "stages_without_ties",
    "submit_review",
    "suggest_mutual",
    "take_back_assignment",
    "take_back_decision",
    "tell_delay",
    "tell_own_year",
    "top_up_stage",
    "undo_batch",
    "use_preset",
    "watch_dates",
    "withdraw_override",
    "withdraw_post",
    "write_letters",
    "years_later",
]
