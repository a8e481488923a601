"""Addresses of the room."""

from django.urls import path

from evaluation.comments import views

app_name = "comments"
urlpatterns = [
    path("case/<int:pk>/", views.ask, name="ask"),
    path("<int:pk>/", views.comment_round, name="round"),
    path("<int:pk>/date/", views.move_date, name="move_date"),
    path("<int:pk>/close/", views.close, name="close"),
    path("asked/<int:pk>/", views.write, name="write"),
]
