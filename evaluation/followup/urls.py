"""Addresses of the room."""

from django.urls import path

from evaluation.followup import views

app_name = "followup"
urlpatterns = [
    path("", views.overview, name="overview"),
    # one project
    path("<str:code>/", views.project, name="project"),
    path("<str:code>/accept/", views.accept, name="accept"),
    path("<str:code>/start/", views.start, name="start"),
    path("<str:code>/evaluation/", views.evaluation, name="evaluation"),
    path("<str:code>/evaluation.pdf", views.evaluation_pdf, name="evaluation_pdf"),
    path("<str:code>/evaluation/case/", views.raise_case, name="raise_case"),
]
