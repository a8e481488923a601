"""The demo's own pages."""

from django.urls import path

from evaluation.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.clock, name="clock"),
    path("progress/", views.progress, name="progress"),
    path("move/", views.move, name="move"),
]
