"""Addresses of the room."""

from django.urls import path

from evaluation.plans.views import plan_page, plan_writing, status_page

app_name = "plans"
urlpatterns = [
    path("", plan_page.plan_list, name="list"),
    path("status/<int:case>.pdf", status_page.status_pdf, name="status_pdf"),
    path("new/<slug:community>/", plan_writing.begin, name="begin"),
    path("<slug:code>/", plan_page.plan, name="plan"),
    path("<slug:code>/plan.pdf", plan_page.plan_pdf, name="pdf"),
    path("<slug:code>/plan.xlsx", plan_page.plan_sheet, name="sheet"),
    path("<slug:code>/measure/<int:pk>/", plan_page.measure, name="measure"),
    path("<slug:code>/measure/<int:pk>/tell/", plan_page.tell, name="tell"),
    path("<slug:code>/put-up/<int:meeting>/", status_page.put_up, name="put_up"),
    path("<slug:code>/text/", plan_writing.text, name="text"),
    path("<slug:code>/text/head/", plan_writing.head, name="head"),
    path("<slug:code>/text/adopt/", plan_writing.adopt, name="adopt"),
    path("<slug:code>/text/<slug:part>/<int:pk>/", plan_writing.part, name="part"),
    path("<slug:code>/text/<slug:part>/<int:pk>/move/<slug:way>/", plan_writing.move, name="move"),
    path("<slug:code>/text/<slug:part>/<int:pk>/remove/", plan_writing.remove, name="remove"),
    path("<slug:code>/text/<slug:part>/add/<int:parent>/", plan_writing.add, name="add"),
]
