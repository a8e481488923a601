"""Addresses of the room."""

from django.urls import path

from evaluation.reporting.views import figures_page, report_page, report_writing

app_name = "reporting"
urlpatterns = [
    path("", report_page.report_list, name="list"),
    path("new/", report_writing.begin, name="begin"),
    path("now/<slug:tenant>/", figures_page.now, name="now"),
    path("now/<slug:tenant>/<slug:table>/<int:row>/", figures_page.now_row, name="now_row"),
    path("<int:pk>/", report_page.report, name="report"),
    path("<int:pk>/report.<slug:kind>", report_page.report_file, name="file"),
    path("<int:pk>/behind/<slug:table>/<int:row>/", figures_page.report_row, name="row"),
    path("<int:pk>/write/<slug:chapter>/", report_writing.chapter, name="chapter"),
    path("<int:pk>/approve/", report_writing.approve, name="approve"),
    path("<int:pk>/open/", report_writing.open_again, name="open_again"),
]
