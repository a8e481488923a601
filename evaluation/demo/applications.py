"""The demo's applications: read from ``fixtures/demo/applications.yaml``, written, signed and sent as people would."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import cycle
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application, Benefit, BudgetLine, Contact
from applications.roster import signers
from applications.services import attachments, drafts, partners, rows, signing, submitting
from evaluation.demo.timeline import Act, Days, minutes_apart, read_entries
from portal import clock, pdf
from portal.cells import new_key
from portal.communities.models import HealthCommunity, Organisation, User
from portal.communities.queries import signatories
from rounds.answering.answers import STANDARD_PARTS
from rounds.answering.services.answers import Change, save_answers
from rounds.answering.services.rows import RowChange
from rounds.definition import RoundDefinition
from rounds.models import Round


def acts(now: datetime) -> Iterator[Act]:
    """Each application is written in one sitting, signed the day before it is sent, and then sent."""
    days = Days(now)
    for number, entry in enumerate(read_entries("applications")):
        story = _ApplicationStory(entry)
        yield Act(days.ago(entry["begun"], hour=8, minute=4 * number), story.write)
        if entry["state"] == "signing":
            yield Act(days.ago(entry["signed"], hour=13), partial(story.sign, leave_out=1))
        if entry["state"] == "submitted":
            yield Act(days.ago(entry["sent"] + 1, hour=13), story.sign)
            yield Act(days.ago(entry["sent"], hour=11, minute=number), story.send)


class _ApplicationStory:
    """One application from its start to the state that the file names."""

    application: Application
    round: Round
    spec: RoundDefinition
    writer: User
    at: datetime

    def __init__(self, story: dict[str, Any]) -> None:
        self.story = story

    def write(self, at: datetime) -> None:
        """Start the draft and fill it in."""
        self.round, self.at = Round.objects.get(code=self.story["round"]), at
        self.spec, self.writer = self.round.spec, User.objects.get(email=self.story["writer"])
        lead, *others = [Organisation.objects.get(orgnr=orgnr) for orgnr in self.story["partners"]]
        community = HealthCommunity.objects.get(code=self.story["community"])
        self.application = drafts.start(self.round, community, self.story["title"], lead, by=self.writer, at=at)
        partners.add(self.application, others, by=self.writer, at=at)
        self._contacts()
        if self.story["state"] == "draft":
            self._answer(self._answers(only_long_texts=True))
            return
        self._answer(self._answers())
        self._benefits()
        self._budget()
        self._attachments()

    def sign(self, at: datetime, *, leave_out: int = 0) -> None:
        """The partners that must sign do so on the same day, but for the last ``leave_out``."""
        day = clock.local_date(at)
        asked = signers(self.application.partners.select_related("organisation", "application"), self.spec)
        for partner, moment in zip(asked[: len(asked) - leave_out], minutes_apart(at), strict=False):
            signatory = signatories(partner.organisation_id or 0, day)[0]
            signing.sign(partner, by=signatory.user, agreement_date=day, title=signatory.title, at=moment)

    def send(self, at: datetime) -> None:
        """Send the application."""
        submitting.submit(self.application, by=self.writer, at=at)

    def _contacts(self) -> None:
        for number, partner in enumerate(self.application.partners.select_related("organisation")):
            name = f"Kontakt {partner.name}"
            values = {"name": name, "title": "Rådgiver", "email": f"kontakt{number}@example.org", "phone": ""}
            rows.save_rows(partner, Contact, [RowChange(new_key(), {}, values)], at=self.at)

    # --- answers ---------------------------------------------------------------------------------------

    def _answers(self, *, only_long_texts: bool = False) -> Iterator[tuple[str, Any]]:
        texts = iter(self.story["texts"]) if only_long_texts else cycle(self.story["texts"])
        # The first text is the summary, wherever the form asks for it.
        questions = sorted(self.spec.questions, key=lambda question: question.code != self.spec.form.summary_question)
        for question in questions:
            is_standard_part = question.type in STANDARD_PARTS or question.type == "owners"
            if is_standard_part or question.code == self.spec.form.title_question:
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
        changes = {code: Change(value, 0) for code, value in answers}
        save_answers(drafts.ApplicationOwner(self.application), changes, by=self.writer, at=self.at)

    # --- the standard parts ----------------------------------------------------------------------------------

    def _benefits(self) -> None:
        if self.spec.benefits.setting == "off":
            return
        changes = []
        for benefit in self.story["benefits"]:
            values = {
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
                **benefit,
            }
            changes.append(RowChange(new_key(), {}, values))
        rows.save_rows(self.application, Benefit, changes, at=self.at)

    def _budget(self) -> None:
        amount, own_contribution = self.story["amount"], self.story["own"]
        rows.save_amount(self.application, amount, base=None, at=self.at)
        if self.spec.budget.setting == "off":
            return
        year, cost = self.spec.budget.years[0], self.spec.budget.cost_types[0].code
        lead, *others = self.application.partners.all()
        payers = [(lead, own_contribution - own_contribution // 3), (others[-1], own_contribution // 3)]
        lines: list[dict[str, Any]] = [
            {"paid": ["grant", None, "cash"], "amount": amount, "description": "Lønn og ledelse"}
        ]
        for payer, share in payers:
            line = {"paid": ["own", payer.pk, "in_kind"], "amount": share}
            lines.append({**line, "description": "Fagpersonell"})
        changes = [RowChange(new_key(), {}, {"year": year, "cost_type": cost, **line}) for line in lines]
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
