"""Addresses of the room, in the order of the process."""

from django.urls import path
from django.views.generic import RedirectView

from evaluation.assessment.views import amounts, application, assessor, case, habilitet, priority, region, secretariat

TURN = "round/<slug:code>/<slug:stage>/<slug:receiver>"

app_name = "assessment"
urlpatterns = [
    # the assessor
    path("", RedirectView.as_view(pattern_name="assessment:desk"), name="home"),
    path("desk/", assessor.desk, name="desk"),
    path("application/<slug:code>/habilitet/", assessor.habilitet, name="habilitet"),
    path("application/<slug:code>/score/<slug:stage>/", assessor.score, name="score"),
    path("application/<slug:code>/score/<slug:stage>/draft/", assessor.score_draft, name="score_draft"),
    path("application/<slug:code>/score/<slug:stage>/read/", assessor.read_new_version, name="read_new_version"),
    path("application/<slug:code>/score/<slug:stage>/back/", assessor.take_back, name="take_back"),
    # one application
    path("application/<slug:code>/", case.detail, name="detail"),
    path("application/<slug:code>/papers/", application.papers, name="papers"),
    path("application/<slug:code>/papers/<int:version>/<int:number>/", application.attachment, name="attachment"),
    path("application/<slug:code>/admission/", application.admission, name="admission"),
    path("application/<slug:code>/admission/again/", application.check_again, name="check_again"),
    path("application/<slug:code>/correction/", application.correction, name="correction"),
    path("application/<slug:code>/assessors/", application.assessors, name="assessors"),
    path("application/<slug:code>/assessors/<int:pk>/remove/", application.unassign, name="unassign"),
    path("application/<slug:code>/habilitet/<int:pk>/", habilitet.recusal, name="recusal"),
    path("application/<slug:code>/habilitet/<int:pk>/raise/", habilitet.raise_question, name="raise_habilitet"),
    path("application/<slug:code>/habilitet/<int:pk>/back/", habilitet.take_back_question, name="take_back_question"),
    # a round
    path("round/", secretariat.rounds, name="rounds"),
    path("round/<slug:code>/", secretariat.round_list, name="round"),
    path("round/<slug:code>/ranking/", priority.round_ranking, name="round_ranking"),
    path("round/<slug:code>/lists/", region.side_by_side, name="lists"),
    path("round/<slug:code>/packages/<int:pk>/", region.package, name="package_detail"),
    path("round/<slug:code>/packages/<int:pk>/pdf/", region.package_pdf, name="package_pdf"),
    # a turn: a stage at one receiver (a helsefellesskap, or the region)
    path(f"{TURN}/", secretariat.turn_list, name="turn"),
    path(f"{TURN}/export/", secretariat.turn_csv, name="export"),
    path(f"{TURN}/assessors/", secretariat.distribute, name="distribute"),
    path(f"{TURN}/ranking/", priority.turn_ranking, name="ranking"),
    path(f"{TURN}/board/", priority.board, name="board"),
    path(f"{TURN}/board/amounts/", amounts.amounts, name="amounts"),
    path(f"{TURN}/board/considerations/", priority.considerations, name="considerations"),
    path(f"{TURN}/board/tasks/<slug:task>/", priority.record_task, name="record_task"),
    path(f"{TURN}/board/<slug:application>/", priority.recommend, name="recommend"),
    path(f"{TURN}/board/<slug:application>/move/", priority.move, name="move"),
    path(f"{TURN}/freeze/", priority.freeze, name="freeze"),
    path(f"{TURN}/list/", priority.frozen_list, name="list"),
    path(f"{TURN}/list/unlock/", priority.unlock, name="unlock"),
    path(f"{TURN}/list/<int:version>/", priority.earlier_list, name="earlier_list"),
    path(f"{TURN}/forward/", region.forward, name="forward"),
    path(f"{TURN}/package/", region.turn_package, name="package"),
    path(f"{TURN}/package/call-back/", region.call_back, name="call_back"),
]
