"""The kinds of documents that the room freezes, and the PDF of each."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.rooms import DocumentKind


def _list_title(frozen: dict[str, Any]) -> str:
    return gettext("Prioritert liste fra %(name)s") % {"name": frozen["name"]}


def _package_title(package: dict[str, Any]) -> str:
    return gettext("Oversendelse: %(round)s") % {"round": package["round"]["title"]}


# A locked priority list; the subject is ``Turn.code``.
PRIORITY_LIST = DocumentKind("priority-list", title=_list_title)
# The package in which a list is forwarded; the subject is ``Turn.code``.
PACKAGE = DocumentKind(
    "package",
    title=_package_title,
    template="letters/package.html",
    context=lambda package: {"package": package},
    file_name="oversendelse-{document.snapshot[round][code]}.pdf",
    data_name="oversendelse.json",
    data_label=_("Oversendelsen som data"),
)
