"""Addresses of the room."""

from django.urls import path

from evaluation.decisions.views import letter_page, many_letters, overview_page

app_name = "decisions"
urlpatterns = [
    path("", overview_page.rounds, name="rounds"),
    # a round's decisions and letters
    path("round/<slug:code>/", overview_page.overview, name="overview"),
    path("round/<slug:code>/meeting/<int:meeting_id>/decide/", overview_page.decide_meeting, name="decide_meeting"),
    path("round/<slug:code>/prepare/", overview_page.prepare_all, name="prepare_all"),
    path("round/<slug:code>/review/", many_letters.review_letters, name="review_letters"),
    path("round/<slug:code>/letters/confirm/", many_letters.confirm_letters, name="confirm_letters"),
    path("round/<slug:code>/letters/approve/", many_letters.approve_letters, name="approve_letters"),
    path("round/<slug:code>/letters/send/", many_letters.send_letters, name="send_letters"),
    path("round/<slug:code>/letters/pack/", many_letters.pack_letters, name="pack_letters"),
    path("application/<slug:code>/decide/", overview_page.decide_application, name="decide_application"),
    path("decision/<int:pk>/letter/", overview_page.prepare, name="prepare"),
    # one letter
    path("letter/<slug:number>/", letter_page.letter, name="letter"),
    path("letter/<slug:number>/letter.pdf", letter_page.letter_pdf, name="letter_pdf"),
    path("letter/<slug:number>/preview.pdf", letter_page.preview, name="preview"),
    path("letter/<slug:number>/approve/", letter_page.approve, name="approve"),
    path("letter/<slug:number>/take-back/", letter_page.take_back, name="take_back"),
    path("letter/<slug:number>/send/", letter_page.send, name="send"),
    # a batch of letters
    path("batch/<int:pk>/", many_letters.batch, name="batch"),
    path("batch/<int:pk>/letters.zip", many_letters.batch_zip, name="batch_zip"),
]
