"""The portal's own pages."""

from django.urls import include, path

from portal.views import gallery, health, home, language, mailbox, read, statements, undelivered

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("hello/", health.hello, name="hello"),
    path("language/", language.choose, name="language"),
    path("read/", read.read, name="read"),
    # the statements that the law demands
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("contact/", statements.contact, name="contact"),
    # the register, people and one's own page
    path("", include("portal.communities.urls")),
    # mail that did not arrive
    path("undelivered/", undelivered.undelivered, name="undelivered"),
    path("undelivered/<int:pk>/", undelivered.send_again, name="send_again"),
    path("undelivered/<int:pk>/leave/", undelivered.leave, name="leave_message"),
    # the demo's own
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.mail, name="mail"),
    path("mailbox/<slug:name>/<int:number>/", mailbox.attachment, name="mail_attachment"),
    path("design/", gallery.gallery, name="gallery"),
]
