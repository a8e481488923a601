"""The design's gallery: every component and field in all its states, for people and for the accessibility check."""

from datetime import datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal import charts, clock, formats, forms, ui
from portal.paging import page_of

LONG = "Samisk helsepark og Deanu gielda – Tana kommune: " + "tverrfaglig oppfølging av skrøpelige eldre " * 4
CHOICES = [("yes", "Ja"), ("no", "Nei"), ("later", "Senere, når partnerne har svart")]


WRONG = {
    "title": "x" * 90,
    "summary": "y" * 430,
    "count": "mange",
    "amount": "12,50",
    "starts": "31.02.2026",
    "meets_0": "i går",
}
WRONG_LINES = {
    "rad-TOTAL_FORMS": "2",
    "rad-INITIAL_FORMS": "0",
    "rad-0-what": "Lønn",
    "rad-0-year": "2026",
    "rad-0-amount": "mye",
    "rad-1-what": "Reise",
}


class Everything(forms.Form):
    """Each kind of field once."""

    submit_label = "Lagre og fortsett"
    needed_later = frozenset({"later"})

    title = forms.ShortTextField(label="Prosjektets tittel", max_length=80)
    later = forms.ShortTextField(label="Målgruppe", required=False, help_text="Kan stå tom i utkastet.")
    summary = forms.TextField(
        label="Kort om prosjektet", max_length=400, help_text="Skriv for dem som ikke kjenner prosjektet."
    )
    email = forms.EmailField(label="E-post", required=False)
    count = django_forms.IntegerField(label="Antall pasienter i året", min_value=1)
    amount = forms.MoneyField(label="Søknadsbeløp", max_value=5_000_000, help_text="I hele kroner.")
    starts = forms.DateField(label="Planlagt driftsstart")
    meets = forms.DateTimeField(label="Møtetidspunkt", help_text="Norsk tid.")
    kind = django_forms.ChoiceField(label="Type tiltak", choices=[("", "Velg"), *CHOICES])
    answer = django_forms.ChoiceField(
        label="Er planen forankret hos partnerne?", choices=CHOICES, widget=django_forms.RadioSelect
    )
    themes = django_forms.MultipleChoiceField(
        label="Fagområder", choices=CHOICES, widget=django_forms.CheckboxSelectMultiple, required=False
    )
    consent = django_forms.BooleanField(
        label="Vi bekrefter at opplysningene er riktige", help_text="Gjelder hele søknaden."
    )
    plan = django_forms.FileField(label="Prosjektplan", help_text="PDF eller Word, høyst 20 MB.")
    places = forms.LinesField(label="Steder", help_text="Ett sted på hver linje.", required=False)


class _BudgetRow(forms.Form):
    """A row of a budget."""

    what = forms.ShortTextField(label="Hva", max_length=60)
    year = django_forms.ChoiceField(label="År", choices=[("2026", "2026"), ("2027", "2027")])
    amount = forms.MoneyField(label="Beløp")


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component and field on one page; 404 in production."""
    if settings.IS_PRODUCTION:
        raise Http404
    if "beskjed" in request.GET:
        for level in (messages.SUCCESS, messages.INFO, messages.WARNING, messages.ERROR):
            messages.add_message(request, level, "Søknaden er lagret. Dere kan fortsette når det passer.")
    now: datetime = request.now  # type: ignore[attr-defined]
    rows = [_row(number) for number in range(1, 201)]
    context = {
        **_forms(request, now),
        **_values(now),
        "page": page_of(request, rows),
        "long": LONG,
    }
    return render(request, "portal/gallery.html", context)


def _row(number: int) -> dict[str, Any]:
    return {
        "code": f"HN-{number:03d}",
        "title": LONG if not number % 7 else f"Ambulerende team {number}",
        "amount": number * 37_500,
    }


def _forms(request: HttpRequest, now: datetime) -> dict[str, Any]:
    right = {
        "title": "Ambulerende team",
        "amount": 1_250_000,
        "starts": clock.local_date(now),
        "answer": "yes",
        "themes": ["yes"],
        "meets": now,
    }
    lines = formset_factory(_BudgetRow, formset=forms.FormSet, extra=1, can_delete=True)
    return {
        "empty_form": Everything(prefix="tom"),
        "filled_form": Everything(prefix="fylt", initial=right),
        "wrong_form": Everything(WRONG, prefix=None),
        "card_rows": lines(prefix="kort"),
        "table_rows": lines(WRONG_LINES, prefix="rad"),
        "search_form": _Search(request.GET or None),
    }


class _Search(forms.Form):
    """The filter above a list."""

    q = forms.ShortTextField(label="Søk", required=False)
    status = django_forms.ChoiceField(label="Status", required=False, choices=[("", "Alle"), *CHOICES])


ANSWERS = [
    ui.Fact("Tittel", "Ambulerende team", "#"),
    ui.Fact("Om prosjektet", LONG + "\n\nNy linje.", "#"),
    ui.Fact("Steder", ["Alta", "Kárášjohka"]),
    ui.Fact("Merknad", ""),
]


def _tasks() -> list[ui.TaskGroup]:
    status = ui.TaskStatus
    return [
        ui.TaskGroup(
            "Forbered søknaden",
            [
                ui.TaskRow("Les om tilskuddet", "#", status.DONE),
                ui.TaskRow("Velg partnere", "#", status.TODO, "Minst én kommune og ett sykehus"),
            ],
        ),
        ui.TaskGroup(
            "Skriv søknaden",
            [
                ui.TaskRow("Fyll ut budsjettet", "#", status.ERROR),
                ui.TaskRow("Send til signering", "#", status.LOCKED),
                ui.TaskRow(LONG, "#", status.TODO),
            ],
        ),
    ]


def _values(now: datetime) -> dict[str, Any]:
    bars = [
        charts.ChartRow("Tromsø", (800_000, 250_000)),
        charts.ChartRow(LONG, (400_000, 900_000), "Over rammen"),
        charts.ChartRow("Ingen", (0, 0)),
    ]
    return {
        "deadline": now + timedelta(days=2, hours=5),
        "status": ui.TaskStatus.STARTED,
        "tasks": _tasks(),
        "answers": ANSWERS,
        "stages": [
            ui.ProcessStep("Utlyst", "done", now),
            ui.ProcessStep("Søknader", "done", now),
            ui.ProcessStep("Vurdering", "current", now),
            ui.ProcessStep("Møte i SSU"),
            ui.ProcessStep("Brev og oppfølging"),
        ],
        "events": [
            ui.Event(now, "Søknaden ble sendt inn", "Prosjektleder, Tromsø kommune"),
            ui.Event(now, "Mangelbrev sendt", "Sekretariatet", "Budsjettet mangler egeninnsats.", "#"),
        ],
        "files": [
            ui.FileRow(
                "Prosjektplan med et langt navn som ikke vil slutte 2026-endelig-versjon-3.pdf",
                "#",
                1_240_000,
                "Vedlegg 1",
                now,
                "#",
            ),
            ui.FileRow("Budsjett.xlsx", "#", 34_000),
        ],
        "single": charts.Chart(
            "Poeng per søknad",
            [charts.ChartRow("Ambulerende team", (4.25,)), charts.ChartRow("Rehabilitering nær hjemmet", (3.1,))],
            show=formats.number,
            top=5,
            limit=3,
            limit_label="Streken viser terskelen på 3 poeng.",
        ),
        "stacked": charts.Chart("Søkt beløp og egeninnsats", bars, series=("Tilskudd", "Egeninnsats"), limit=1_200_000),
        "table": ui.DataTable(
            "Budsjett",
            [ui.Column("Post"), ui.Column("År", "text"), ui.Column("Beløp", "money")],
            [("Lønn", "2026", 800_000), (LONG, "2027", 450_000)],
            ("Sum", "", 1_250_000),
        ),
    }
