"""Who has signed, and the acts of signing, saying no and asking."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from applications import completeness, permissions, queries, submissions
from applications.completeness import Report
from applications.forms.sending import DeclineForm, PaperAgreementForm, SignForm
from applications.models import Application, Partner
from applications.queries.signatories import signatories_in
from applications.roster import Row, with_signatories
from applications.services import signing
from applications.views import signature_page, task_list
from applications.views.reading import find, partner_of, read
from applications.views.signature_page import Line, Rights
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.errors import DomainError
from portal.files import services as files
from portal.formats import in_words
from portal.mail.queries import messages_about
from portal.permissions import require
from portal.requests import PersonRequest
from portal.twins import said_of, twin_lazy, twin_of


@login_required
@require_GET
def signatures(request: PersonRequest, code: str) -> HttpResponse:
    """The roster: who has signed the present text, who is missing, and who may sign."""
    application = read(request, code)
    report = completeness.check(application, at=request.now)
    partners = [row.partner for row in report.rows]
    for partner in partners:
        partner.application = application
    missing = [row.partner for row in report.rows if row.is_missing]
    able = signatories_in(application, missing, local_date(request.now))
    lines = [_line(request, row, report) for row in with_signatories(report.rows, able)]
    rights = Rights(
        can_edit=bool(permissions.can_edit(request.user, application, now=request.now)),
        can_open=bool(permissions.can_open_text(request.user, application, now=request.now)),
    )
    asked = list(messages_about(application, "signature_reminder")) if application.signing_asked_at else []
    context = {
        "application": application,
        "page": signature_page.page(report, lines, rights, completeness.uncorrected(report), asked, now=request.now),
        "rights": rights,
        "late": task_list.late(application, request.now),
        "is_correction": application.open_correction is not None,
        "asked": asked,
        "agreements": signature_page.agreements(report),
    }
    return render(request, "applications/signatures.html", context)


def _line(request: PersonRequest, row: Row, report: Report) -> Line:
    """The partner's line, with what this person may do for it; nothing before the text may be signed."""
    may_sign = permissions.can_sign(request.user, row.partner, now=request.now)
    may_upload = permissions.can_upload_agreement(request.user, row.partner, now=request.now)
    ready = report.may_be_signed
    signed, refused = row.is_signed_by(request.user.pk), row.is_refused_by(request.user.pk)
    return Line(row, ready and bool(may_sign), ready and bool(may_upload), signed, refused)


def _signing(request: PersonRequest, code: str, pk: int) -> tuple[Application, Partner]:
    application = read(request, code)
    return application, partner_of(application, pk)


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Read the whole text and sign it for a partner."""
    application, partner = _signing(request, code, pk)
    require(permissions.can_sign(request.user, partner, now=request.now))
    asks_date = any(item.kind == completeness.AGREEMENT for item in queries.attachments_of(application))
    form = SignForm(pending.data(request), partner_name=partner.name, asks_date=asks_date)
    form.helper.cancel_url = reverse("applications:signatures", args=[code])
    if request.method == "POST" and form.is_valid() and _signed(request, partner, form):
        return redirect("applications:signatures", code)
    form.initial = {"agreement_date": local_date(request.now), "title": _title_of(request, partner)}
    return _with_text(request, "applications/signature_sign.html", application, partner, form)


@login_required
@require_http_methods(["GET", "POST"])
def paper(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Upload the agreement that a partner has signed on paper."""
    application, partner = _signing(request, code, pk)
    require(permissions.can_upload_agreement(request.user, partner, now=request.now))
    form = PaperAgreementForm(pending.data(request), request.FILES or None)
    form.helper.cancel_url = reverse("applications:signatures", args=[code])
    if request.method == "POST" and form.is_valid() and _signed(request, partner, form):
        return redirect("applications:signatures", code)
    return _with_text(request, "applications/signature_paper.html", application, partner, form)


def _title_of(request: PersonRequest, partner: Partner) -> str:
    """The person's title at the partner. The signature says it unless the person writes another."""
    able = signatories_in(partner.application, [partner], local_date(request.now))
    return next((affiliation.title for affiliation in able if affiliation.user_id == request.user.pk), "")


def _signed(request: PersonRequest, partner: Partner, form: SignForm | PaperAgreementForm) -> bool:
    """Sign as the form says; an error of the rules is shown in the form."""
    data = {"agreement_date": local_date(request.now), **form.cleaned_data}
    uploaded = data.pop("document", None)
    try:
        data |= {"seen_sha256": data.pop("seen"), "by": request.user, "at": request.now}
        if uploaded:
            signing.sign_on_paper(partner, uploaded, **data)
        else:
            signing.sign(partner, **data)
    except signing.AgreementDateError as error:
        form.add_error("agreement_date" if "agreement_date" in form.fields else None, str(error))
    except files.UploadError as error:
        form.add_error("document", str(error))
    except DomainError as error:
        form.add_error(None, str(error))
    else:
        said = twin_of(twin_lazy("%(name)s har signert søknaden."), partner.application.noun_context)
        messages.success(request, said % {"name": partner.name})
        return True
    return False


def _with_text(
    request: PersonRequest,
    template: str,
    application: Application,
    partner: Partner,
    form: Any,
) -> HttpResponse:
    """The page with the whole text that will be signed, and what should be put right before."""
    report = completeness.check(application, at=request.now)
    form.initial["seen"] = report.text_sha256
    if form.is_bound:
        form.data = form.data.copy()
        form.data["seen"] = report.text_sha256
    links = queries.file_links(report.text, task_list.file_address(application))
    view = submissions.folded(submissions.view_of(report.text, file_links=links))
    view = signature_page.shortened(view, report)
    context = {"application": application, "partner": partner, "form": form, "report": report, "view": view}
    context |= {
        "facts": signature_page.facts(view, report, partner),
        **signature_page.to_read(report, partner, request.user.pk),
        "lacking": signature_page.lacking(report),
        "waits": "" if report.may_be_signed else said_of(signing.NOT_FINISHED, application),
    }
    return render(request, template, context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Refuse to sign for a partner, with a reason for all partners."""
    application, partner = _signing(request, code, pk)
    require(permissions.can_sign(request.user, partner, now=request.now))
    form = DeclineForm(pending.data(request))
    form.helper.cancel_url = reverse("applications:signatures", args=[code])
    if request.method == "POST" and form.is_valid():
        act = partial(signing.decline, partner, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Alle partnerne har fått begrunnelsen deres."), form=form, field="reason"):
            return redirect("applications:signatures", code)
    context = {"application": application, "partner": partner, "form": form}
    return render(request, "applications/signature_decline.html", context, status=form.http_status)


def _asked(addresses: list[str]) -> str:
    count = len(addresses)
    text = ngettext("%(n)s person har fått e-post om å signere.", "%(n)s personer har fått e-post om å signere.", count)
    return text % {"n": in_words(count)}


@login_required
@require_http_methods(["GET", "POST"])
def remind(request: PersonRequest, code: str) -> HttpResponse:
    """Ask those who may sign and have not signed. The page first shows who they are, and what is missing."""
    application = read(request, code)
    require(permissions.can_edit(request.user, application, now=request.now))
    if request.method == "POST":
        attempt(request, partial(signing.remind, application, by=request.user, at=request.now), _asked)
        return redirect("applications:signatures", code)
    report = completeness.check(application, at=request.now)
    waiting = [row.partner for row in report.unsigned]
    able = signatories_in(application, waiting, local_date(request.now))
    context = {"application": application, "asking": signature_page.asking(report, able)}
    return render(request, "applications/signature_ask.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def open_text(request: PersonRequest, code: str) -> HttpResponse:
    """Open the text again while the partners sign it, after a question."""
    application = read(request, code)
    require(permissions.can_open_text(request.user, application, now=request.now))
    if request.method == "POST":
        act = partial(signing.open_text, application, by=request.user, at=request.now)
        attempt(request, act, _("Teksten er åpen. Signaturene gjelder så lenge den er som da den ble signert."))
        return redirect("applications:detail", code)
    signed = queries.signed_by(application)
    return render(request, "applications/signature_open.html", {"application": application, "signed": signed})


@login_required
@require_GET
def agreement(request: PersonRequest, code: str, pk: int) -> FileResponse:
    """The uploaded agreement behind a signature."""
    application = find(request, code)
    document = queries.signed_agreement(application, pk)
    if document is None:
        raise Http404
    if not permissions.can_read_sent(request.user, application, now=request.now):
        require(permissions.can_read_draft(request.user, application, now=request.now))
    return files.response(document)
