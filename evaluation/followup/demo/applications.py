"""The demo's applications: read from ``fixtures/demo/applications.yaml``, written, signed and sent as people would."""

from collections.abc import Iterator
from datetime import datetime
from itertools import cycle
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from ruamel.yaml import YAML

from applications.answers import STANDARD_PARTS
from applications.models import Application, Benefit, BudgetLine, Contact
from applications.roster import signers
from applications.services import attachments, drafts, partners, rows, signing, submitting
from applications.services.rows import NEW, RowChange
from portal import clock, pdf
from portal.communities.models import HealthCommunity, Organisation, User
from portal.communities.queries import signatories
from rounds.models import Round


def write(at: datetime) -> None:
    """Write those that are not there yet; a title is written once in a round."""
    path = settings.BASE_DIR / "fixtures/demo/applications.yaml"
    for story in YAML(typ="safe").load(path)["applications"]:
        round_ = Round.objects.get(code=story["round"])
        if not Application.objects.filter(round=round_, title=story["title"]).exists():
            _Story(story, round_, at).tell()


class _Story:
    """One application from its start to the state that the file names."""

    def __init__(self, story: dict[str, Any], round_: Round, at: datetime) -> None:
        self.story, self.round, self.spec, self.at = story, round_, round_.spec, at
        self.writer = User.objects.get(email=story["writer"])
        self.organisations = [Organisation.objects.get(orgnr=orgnr) for orgnr in story["partners"]]
        self.application = drafts.start(
            round_,
            HealthCommunity.objects.get(code=story["community"]),
            story["title"],
            self.organisations[0],
            by=self.writer,
            at=at,
        )

    def tell(self) -> None:
        partners.add(self.application, self.organisations[1:], by=self.writer, at=self.at)
        self._contacts()
        if self.story["state"] == "draft":
            self._answer(self._answers(only_long_texts=True))
            return
        self._answer(self._answers())
        self._benefits()
        self._budget()
        self._attachments()
        self._sign(leave_out=1 if self.story["state"] == "signing" else 0)
        if self.story["state"] == "submitted":
            submitting.submit(self.application, by=self.writer, at=self.at)

    def _contacts(self) -> None:
        for number, partner in enumerate(self.application.partners.select_related("organisation")):
            name = f"Kontakt {partner.name}"
            values = {"name": name, "title": "Rådgiver", "email": f"kontakt{number}@example.org", "phone": ""}
            rows.save_rows(partner, Contact, [RowChange("contact-1", NEW, values)], at=self.at)

    # --- answers ---------------------------------------------------------------------------------------

    def _answers(self, *, only_long_texts: bool = False) -> Iterator[tuple[str, Any]]:
        texts = iter(self.story["texts"]) if only_long_texts else cycle(self.story["texts"])
        # The first text is the summary, wherever the form asks for it.
        questions = sorted(self.spec.questions, key=lambda question: question.code != self.spec.form.summary_question)
        for question in questions:
            own = question.type in STANDARD_PARTS or question.type == "owners"
            if own or question.code == self.spec.form.title_question:
                continue
            if question.type == "long_text":
                text = next(texts, None)
                if text is not None:
                    yield question.code, text.strip()
            elif not only_long_texts:
                yield question.code, self._value(question)

    def _value(self, question: Any) -> Any:
        first = [option.code for option in self.spec.options(question)]
        today = f"{clock.local_date(self.at)}"
        return {
            "short_text": self.story["title"],
            "number": getattr(question, "minimum", None) or 6,
            "money": self.story["own"],
            "date": today,
            "yes_no": {"value": False, "text": "Ikke aktuelt." if getattr(question, "explain", "") == "no" else ""},
            "one_choice": {"value": first[0] if first else "", "other": ""},
            "many_choices": {"values": first[: max(1, getattr(question, "least", 1))], "other": ""},
            "table": [
                {
                    column.code: {"text": "Oppstart", "date": today, "number": 1, "money": 100_000}[column.type]
                    for column in getattr(question, "columns", ())
                }
            ],
            "declaration": True,
        }[question.type]

    def _answer(self, answers: Iterator[tuple[str, Any]]) -> None:
        changes = {code: drafts.Change(value, 0) for code, value in answers}
        drafts.save_answers(self.application, changes, by=self.writer, at=self.at)

    # --- the standard parts ----------------------------------------------------------------------------------

    def _benefits(self) -> None:
        if self.spec.benefits.setting == "off":
            return
        changes = []
        for position, benefit in enumerate(self.story["benefits"]):
            values = {
                **dict.fromkeys(rows.FIELDS[Benefit], ""),
                "applicant_id": None,
                "benefit_kinds": [option.code for option in self.spec.benefits.types[:1]],
                "beneficiaries_text": "Pasienter og pårørende, kommunene og sykehuset",
                "beneficiaries": [option.code for option in self.spec.benefits.beneficiaries[:2]],
                "responsible": "Styringsgruppen",
                "measure": "Telles i fagsystemene før og etter",
                "measure_kinds": [],
                "measurement": "Hvert kvartal, fra Norsk pasientregister og kommunens fagsystem",
                "preconditions": "Stillingene er besatt, og lederne har satt av tid",
                "freed_resources": "Frigjort tid brukes på oppfølging hjemme",
                "horizon": self.spec.benefits.horizons[0].code if self.spec.benefits.horizons else "",
                "drivers": [],
                "effects": {},
                **benefit,
            }
            changes.append(RowChange(f"benefit-{position + 1}", NEW, values, position))
        rows.save_rows(self.application, Benefit, changes, at=self.at)

    def _budget(self) -> None:
        amount, own = self.story["amount"], self.story["own"]
        rows.save_amount(self.application, amount, base=None, at=self.at)
        if self.spec.budget.setting == "off":
            return
        year, cost = self.spec.budget.years[0], self.spec.budget.cost_types[0].code
        lead, *others = self.application.partners.all()
        payers = [(lead, own - own // 3), (others[-1], own // 3)]
        lines: list[dict[str, Any]] = [
            {"source": "grant", "payer_id": None, "form": "cash", "amount": amount, "description": "Lønn og ledelse"}
        ]
        for payer, share in payers:
            line = {"source": "own", "payer_id": payer.pk, "form": "in_kind", "amount": share}
            lines.append({**line, "description": "Fagpersonell"})
        changes = [
            RowChange(f"line-{position + 1}", NEW, {"year": year, "cost_type": cost, **line}, position)
            for position, line in enumerate(lines)
        ]
        rows.save_rows(self.application, BudgetLine, changes, at=self.at)

    def _attachments(self) -> None:
        for kind in self.spec.attachments.kinds:
            if kind.required:
                title = f"{kind.label}: {self.story['title']}"
                data = pdf.render("letters/demo_attachment.html", {"title": title}, title=title, at=self.at)
                uploaded = SimpleUploadedFile(f"{kind.code}.pdf", data, "application/pdf")
                attachments.add(
                    self.application, uploaded, kind=kind.code, title=kind.label, by=self.writer, at=self.at
                )

    def _sign(self, *, leave_out: int) -> None:
        day = clock.local_date(self.at)
        asked = signers(self.application.partners.select_related("organisation", "application"), self.spec)
        for partner in asked[: len(asked) - leave_out]:
            place = signatories(partner.organisation_id or 0, day)[0]
            signing.sign(partner, by=place.user, agreement_date=day, title=place.title, at=self.at)
