"""Addresses of the room."""

from django.urls import path

from evaluation.decisions import views

app_name = "decisions"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    # a round's decisions and letters
    path("round/<slug:code>/", views.overview, name="overview"),
    path("round/<slug:code>/meeting/<int:meeting_id>/decide/", views.decide_meeting, name="decide_meeting"),
    path("round/<slug:code>/prepare/", views.prepare_all, name="prepare_all"),
    path("round/<slug:code>/review/", views.review_letters, name="review_letters"),
    path("round/<slug:code>/letters/approve/", views.act_on_letters, {"act_name": "approve"}, name="approve_letters"),
    path("round/<slug:code>/letters/send/", views.act_on_letters, {"act_name": "send"}, name="send_letters"),
    path("round/<slug:code>/letters/pack/", views.act_on_letters, {"act_name": "pack"}, name="pack_letters"),
    path("application/<slug:code>/decide/", views.decide_application, name="decide_application"),
    path("decision/<int:pk>/letter/", views.prepare, name="prepare"),
    # one letter
    path("letter/<slug:number>/", views.letter, name="letter"),
    path("letter/<slug:number>/letter.pdf", views.letter_pdf, name="letter_pdf"),
    path("letter/<slug:number>/review/", views.review, name="review"),
    path("letter/<slug:number>/preview.pdf", views.preview, name="preview"),
    path("letter/<slug:number>/approve/", views.approve, name="approve"),
    path("letter/<slug:number>/take-back/", views.take_back, name="take_back"),
    path("letter/<slug:number>/send/", views.send, name="send"),
    # a batch of letters
    path("batch/<int:pk>/", views.batch, name="batch"),
    path("batch/<int:pk>/letters.zip", views.batch_zip, name="batch_zip"),
]
