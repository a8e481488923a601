"""What brings an application further now, as the box on top of its pages; the same step on each of them."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.text import Truncator, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import completeness
from applications.completeness import Report
from applications.models import Application, Partner
from portal.formats import in_words, quoted
from portal.twins import twin_lazy, twin_of
from portal.ui import NextStep
from rounds.definition import Section

# So many characters of why a partner will not sign; the rest stands with the signatures.
REASON = 200


def sign_for(partner: Partner, report: Report) -> NextStep:
    """Read the text and sign it; what is missing in the text is said before one begins to read."""
    text = _("Du har fullmakt. Les teksten, og signer på samme side.")
    if count := len(report.to_write):
        words = {"n": in_words(count)}
        lacking = ngettext("Ett svar mangler i teksten.", "%(n)s svar mangler i teksten.", count) % words
        text = f"{lacking} {text}"
    url = reverse("applications:sign", args=[partner.application.code, partner.pk])
    return NextStep(_("Signer for %(name)s") % {"name": partner.name}, text=text, url=url, act=_("Les og signer"))


def begin(section: Section, count: int, url: str) -> NextStep:
    """The first part that lacks an answer, on the page that tells all that is missing."""
    text = ngettext("Ett svar mangler i denne delen.", "%(n)s svar mangler i denne delen.", count)
    title = _("Begynn med «%(title)s»") % {"title": section.title}
    return NextStep(title, text=text % {"n": in_words(count)}, url=url, act=_("Fyll ut delen"))


def correct(report: Report, sections: Sequence[Section]) -> NextStep:
    """The parts that the secretariat has asked to have corrected, and that are as they were sent; the first leads."""
    count, first = len(sections), sections[0]
    title = ngettext("Én del er ikke rettet ennå", "%(n)s deler er ikke rettet ennå", count) % {"n": in_words(count)}
    names = get_text_list([quoted(section.title) for section in sections], _("og"))
    return NextStep(
        title,
        text=_("Sekretariatet ba dere rette %(names)s.") % {"names": names},
        url=reverse("applications:section", args=[report.parts.application.code, first.code]),
        act=_("Rett «%(title)s»") % {"title": first.title},
    )


def collect_signatures(report: Report) -> NextStep:
    """Everything is written, and some have not signed; that one has refused comes before the others."""
    if any(row.refusal for row in report.unsigned):
        return answer_refusal(report)
    url = reverse("applications:signatures", args=[report.parts.application.code])
    text = _("Mangler: %(names)s") % {"names": completeness.unsigned_words(report)}
    return NextStep(_("Neste steg: alle partnerne signerer"), text=text, url=url, act=_("Gå til signaturene"))


def done_signing(names: Sequence[str]) -> NextStep:
    """The person has signed for these partners; who writes the text opens it from the page of signatures."""
    title = _("Du har signert for %(names)s") % {"names": get_text_list(list(names), _("og"))}
    return NextStep(title, text=_("Du trenger ikke gjøre mer."))


def answer_refusal(report: Report) -> NextStep:
    """Some partners will not sign: why, and the way to what they wrote."""
    refused = [row for row in report.rows if row.refusal]
    names = get_text_list([row.partner.name for row in refused], _("og"))
    reasons = " ".join(f"«{Truncator(row.refusal.reason).chars(REASON)}»" for row in refused if row.refusal)
    url = reverse("applications:signatures", args=[report.parts.application.code])
    title, act = _("%(names)s vil ikke signere") % {"names": names}, _("Se begrunnelsen")
    return NextStep(title, text=reasons, url=f"{url}#partner-{refused[0].partner.pk}", act=act)


def done_refusing(names: Sequence[str]) -> NextStep:
    """The person has refused to sign for these partners; the others answer."""
    title = _("Du har takket nei for %(names)s") % {"names": get_text_list(list(names), _("og"))}
    return NextStep(title, text=_("De andre partnerne har fått begrunnelsen."))


def open_url(application: Application) -> str:
    """Where the locked text is opened."""
    return reverse("applications:signatures_open", args=[application.code])


def open_text(report: Report) -> NextStep:
    """The text is locked for the partners to sign it, and is not finished."""
    count = len(report.to_write)
    text = ngettext(
        "Ett svar mangler, og teksten er låst mens partnerne signerer.",
        "%(n)s svar mangler, og teksten er låst mens partnerne signerer.",
        count,
    )
    url, words = open_url(report.parts.application), {"n": in_words(count)}
    return NextStep(_("Åpne teksten og gjør den ferdig"), text=text % words, url=url, act=_("Åpne teksten"))


def can_be_sent(application: Application) -> str:
    """That nothing is missing: the application, or the correction of one that is sent, can be sent."""
    if application.open_correction:
        return _("Rettelsen kan sendes.")
    return twin_of(twin_lazy("Søknaden kan sendes."), application.noun_context)
