"""Addresses of the room."""

from django.urls import path

from evaluation.meetings.views import attachments, cancelling, cases, chair, live, minutes, planning, relating, together

app_name = "meetings"
urlpatterns = [
    path("", planning.meeting_list, name="list"),
    path("cases/", planning.case_list, name="cases"),
    path("plan/", planning.plan, name="plan"),
    # Before the meeting
    path("<int:pk>/agenda/", planning.agenda, name="agenda"),
    path("<int:pk>/reschedule/", planning.reschedule, name="reschedule"),
    path("<int:pk>/cancel/", cancelling.cancel, name="cancel"),
    path("<int:pk>/add-case/", planning.add_case, name="add_case"),
    path("<int:pk>/add-list/<int:list_pk>/", planning.add_list, name="add_list"),
    path("<int:pk>/take-up-again/", planning.take_up_again, name="take_up_again"),
    path("<int:pk>/call/", planning.call, name="call"),
    path("<int:pk>/secretary/", planning.choose_secretary, name="secretary"),
    # While it is held
    path("<int:pk>/", live.room, name="room"),
    path("<int:pk>/projector/", live.projector, name="projector"),
    path("<int:pk>/screen/", live.screen, name="screen"),
    path("<int:pk>/open/", live.open_meeting, name="open"),
    path("<int:pk>/attendance/all/", live.attend_all, name="attend_all"),
    path("<int:pk>/attendance/<int:line_pk>/", live.attend, name="attend"),
    path("<int:pk>/go-to/", live.go_to, name="go_to"),
    path("<int:pk>/together/", together.together, name="together"),
    path("<int:pk>/postpone-rest/", live.postpone_rest, name="postpone_rest"),
    path("<int:pk>/close/", live.close_meeting, name="close"),
    path("<int:pk>/reopen/", live.reopen_meeting, name="reopen_meeting"),
    path("ballot/<int:pk>/vote/", live.vote, name="vote"),
    path("ballot/<int:pk>/close/", chair.close_ballot, name="close_ballot"),
    # A case
    path("case/<int:pk>/", cases.paper, name="case"),
    path("case/<int:pk>/paper.pdf", cases.paper_pdf, name="paper_pdf"),
    path("case/<int:pk>/attachment/<int:number>/", attachments.of_application, name="attachment"),
    path("case/<int:pk>/attachments/add/", attachments.add, name="add_attachment"),
    path("case/<int:pk>/attachments/<int:number>/", attachments.of_case, name="case_attachment"),
    path("case/<int:pk>/attachments/<int:number>/remove/", attachments.remove, name="remove_attachment"),
    path("case/<int:pk>/earlier/", relating.earlier, name="earlier"),
    path("case/<int:pk>/earlier/leave-out/", relating.leave_out, name="leave_out_earlier"),
    path("case/<int:pk>/edit/", cases.edit_paper, name="edit_paper"),
    path("case/<int:pk>/move/", planning.move, name="move"),
    path("case/<int:pk>/take-off/", planning.take_off, name="take_off"),
    path("case/<int:pk>/habilitet/", chair.raise_habilitet, name="raise_habilitet"),
    path("case/<int:pk>/habilitet/none/", chair.answer_habil, name="answer_habil"),
    path("case/<int:pk>/habilitet/<int:question_pk>/decide/", chair.decide_habilitet, name="decide_habilitet"),
    path("case/<int:pk>/habilitet/<int:question_pk>/withdraw/", chair.withdraw_habilitet, name="withdraw_habilitet"),
    path("case/<int:pk>/ballot/", chair.open_ballot, name="open_ballot"),
    path("case/<int:pk>/ballot/as-proposed/", chair.ballot_as_proposed, name="ballot_as_proposed"),
    path("case/<int:pk>/resolve/", chair.resolve, name="resolve"),
    path("case/<int:pk>/resolve/as-proposed/", chair.resolve_as_proposed, name="resolve_as_proposed"),
    path("case/<int:pk>/rewrite-allocation/", chair.rewrite_allocation, name="rewrite_allocation"),
    path("case/<int:pk>/postpone/", chair.postpone, name="postpone"),
    path("case/<int:pk>/discussion/", together.discussion, name="discussion"),
    path("case/<int:pk>/note/", chair.note, name="note"),
    path("case/<int:pk>/reopen/", chair.reopen, name="reopen"),
    # Minutes
    path("<int:pk>/minutes/", minutes.minutes, name="minutes"),
    path("<int:pk>/minutes/remarks/", minutes.write_remarks, name="write_remarks"),
    path("<int:pk>/minutes/adopt/", minutes.adopt, name="adopt_minutes"),
    path("<int:pk>/minutes.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path("case/<int:pk>/correct/", minutes.correct, name="correct"),
    path("case/<int:pk>/statements/", minutes.write_statements, name="write_statements"),
    path("case/<int:pk>/extract.pdf", minutes.extract_pdf, name="extract_pdf"),
]
