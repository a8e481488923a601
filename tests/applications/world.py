"""A whole application: every question of a real round answered, partners, contacts, benefits, budget, attachments."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from applications import completeness
from applications.models import Application, Attachment, Benefit, BudgetLine, Contact, Partner, PartnerRole
from applications.services import signing
from portal.clock import local_date
from portal.communities.models import HealthCommunity
from portal.files.services import store_bytes
from portal.mail.models import Message
from rounds import round_file
from rounds.answering.models import Answer
from rounds.answering.services.answers import Change, StaleAnswerError, save_answers
from rounds.services import load_round
from tests import factories

ROUNDS = ("troms-ofoten-2024", "helse-nord-2025", "innlandet-2024")
LEAD = PartnerRole.LEAD
STANDARD = {"parties", "contacts", "benefits", "budget", "attachments"}


def real_round(code):
    """One of the three real rounds, loaded as it stands; its helsefellesskap are made if the world lacks them."""
    for receiving in definition(code).communities:
        if not HealthCommunity.objects.filter(code=receiving.community).exists():
            factories.handled(factories.community(code=receiving.community, name=receiving.name))
    return load_round(definition(code), by=None, at=datetime(2024, 1, 1, tzinfo=UTC))


@cache
def definition(code):
    """What the round's file says."""
    return round_file.read_definition(Path(settings.BASE_DIR) / "fixtures/rounds" / f"{code}.yaml")


def open_moment(round_):
    """A moment with the round open and a week to go."""
    return round_.closes_at - timedelta(days=7, hours=5)


def value_of(spec, question, at):
    """A proper answer to the question."""
    first = [option.code for option in spec.options(question)][:1]
    return {
        "short_text": "Hvor er samhandlingsrommet?",
        "long_text": "Prosjektet skal finne og utvikle en modell for felles helsetjenester i Midt-Troms.",
        "number": 6,
        "money": 120_000,
        "date": f"{_day(question, at)}",
        "yes_no": {"value": False, "text": "Høsten 2025" if getattr(question, "explain", "") == "no" else ""},
        "one_choice": {"value": (first or [""])[0], "other": ""},
        "many_choices": {
            "values": [option.code for option in spec.options(question)][: max(1, getattr(question, "least", 1))]
        },
        "table": [{column.code: _cell(column, at) for column in getattr(question, "columns", ())}],
        "declaration": True,
        "owners": [{"name": "Senja kommune i samarbeid med UNN"}],
    }[question.type]


def _day(question, at):
    """Today, or a day after any deadline for what is planned."""
    return local_date(at) + timedelta(days=365 * getattr(question, "not_before_deadline", False))


def _cell(column, at):
    return {"text": "Etablere styringslinjer", "date": f"{local_date(at)}", "number": 3, "money": 1000}[column.type]


def draft(home, round_, *, at=None, **fields):
    """An empty draft to the round's own helsefellesskap, with three partners and their contacts."""
    at = at or open_moment(round_)
    community = round_.communities.order_by("pk").first()
    if round_.communities.filter(pk=home.community.pk).exists():
        community = home.community
    fields.setdefault("title", "Hvor er samhandlingsrommet?")
    application = Application.objects.create(
        response=factories.response(),
        round=round_,
        community=community,
        created_by=home.applicant,
        created_at=at,
        updated_at=at,
        **fields,
    )
    for position, (organisation, role, name) in enumerate(
        (
            (home.lead, LEAD, "Kontakt Kommune"),
            (home.partner, PartnerRole.PARTNER, "Kontakt Partner"),
            (home.trust, PartnerRole.PARTNER, "Kontakt Sykehus"),
        )
    ):
        partner = Partner.objects.create(
            application=application, organisation=organisation, role=role, position=position
        )
        email = f"{name.lower().replace(' ', '.')}@example.org"
        Contact.objects.create(partner=partner, name=name, title="Rådgiver", email=email, phone="77 00 00 00")
    return application


def whole(home, round_, *, at=None, signed=True, **fields):
    """A draft with everything in it; signed by its three partners unless told otherwise."""
    at = at or open_moment(round_)
    application = draft(home, round_, at=at, **fields)
    answer_all(application, at)
    add_benefit(application)
    add_budget(application)
    add_attachments(application, at)
    if signed:
        sign_all(home, application, at)
        # The mail about it is not what the tests of a signed application count.
        Message.objects.filter(kind="all_signed").delete()
        # The text is open again: most tests go on writing.
        Application.objects.filter(pk=application.pk).update(signing_locked_at=None)
    return Application.objects.get(pk=application.pk)


def answer_all(application, at):
    spec = application.round.spec
    for question in spec.questions:
        if question.type not in STANDARD and question.code != spec.form.title_question:
            set_answer(application, question.code, value_of(spec, question, at), at=at)


def set_answer(application, question, value, *, at=None):
    Answer.objects.update_or_create(
        response=application.response,
        question=question,
        defaults={"value": value, "updated_by": application.created_by, "updated_at": at or application.updated_at},
    )


def save_answer(owner, question, value, *, base_version, by, at):
    """Save one answer by the act of the form engine, and give its new version. Raises StaleAnswerError."""
    saved = save_answers(owner, {question: Change(value, base_version)}, by=by, at=at)
    if question in saved.stale:
        raise StaleAnswerError(saved.stale[question])
    return saved.versions[question]


def add_benefit(application, **fields):
    spec = application.round.spec
    if spec.benefits.setting == "off":
        return None
    horizon = spec.benefits.horizons[0].code if spec.benefits.horizons else ""
    values = {
        "benefit": "Redusert unødvendige sykehusinnleggelser gjennom bedre oppfølging i kommunen.",
        "benefit_kinds": [option.code for option in spec.benefits.types[:1]],
        "beneficiaries_text": "Pasienter, pårørende, sykehus.",
        "responsible": "Kommunehelsetjenesten, DMS Senja.",
        "measure": "Måling av reduksjon i sykehusinnleggelser og reinnleggelser.",
        "measurement": "Frigjort kapasitet, måles gjennom innleggelse og reinnleggelse.",
        "preconditions": "Oppgaveoverføring må være godt organisert og tilstrekkelig bemannet i kommunene.",
        "freed_resources": "Mer helse pr krone, ivaretagelse av flere pasienter.",
        "horizon": horizon,
        "unit": "innleggelser",
        "baseline": "120",
        "target": "90.50",
        **fields,
    }
    return Benefit.objects.create(application=application, position=application.benefits.count(), **values)


def add_budget(application, amount=450_000):
    spec = application.round.spec
    application.requested_amount = amount
    application.save(update_fields=["requested_amount"])
    if spec.budget.setting == "off":
        return
    lead = application.partners.get(role=LEAD)
    year, cost = spec.budget.years[0], spec.budget.cost_types[0].code
    common = {"application": application, "year": year, "cost_type": cost}
    BudgetLine.objects.create(**common, position=0, source="grant", amount=amount, description="Prosjektledelse")
    BudgetLine.objects.create(
        **common, position=1, source="own", payer=lead, form="in_kind", amount=150_000, description="Fagpersonell"
    )


def add_attachments(application, at):
    spec = application.round.spec
    kinds = [kind for kind in spec.attachments.kinds if kind.required]
    for number, kind in enumerate(kinds, start=1):
        add_attachment(application, kind.code, number, at)


def add_attachment(application, kind, number, at):
    stored = store_bytes(b"%PDF-1.7 " + kind.encode(), name=f"{kind}.pdf", content_type="application/pdf", at=at)
    Application.objects.filter(pk=application.pk).update(attachments_numbered=number)
    return Attachment.objects.create(
        application=application,
        number=number,
        kind=kind,
        title=kind.capitalize(),
        file=stored,
        uploaded_by=application.created_by,
        uploaded_at=at,
    )


def signers(home):
    """The authorised signatory of each partner, by organisation."""
    return {
        home.lead.pk: home.signatory,
        home.partner.pk: home.partner_signatory,
        home.trust.pk: home.trust_signatory,
    }


def sign_all(home, application, at):
    people = signers(home)
    for partner in application.partners.all():
        if partner.must_sign:
            sign(home, partner, at, by=people[partner.organisation_id])


def sign(home, partner, at, *, by=None, **fields):
    fields.setdefault("agreement_date", local_date(at))
    fields.setdefault("title", "Kommunedirektør")
    if not completeness.check(Application.objects.get(pk=partner.application_id), at=at).may_be_signed:
        # An application that is not finished: the writers have asked all the same.
        Application.objects.filter(pk=partner.application_id).update(signing_asked_at=at)
    return signing.sign(partner, by=by or signers(home)[partner.organisation_id], at=at, **fields)
