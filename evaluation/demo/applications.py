"""The demo's applications: read from ``fixtures/demo/applications/``, written, signed and sent as people would."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application, Benefit, BudgetLine, Contact, Partner
from applications.queries import COST_SHIFT
from applications.roster import signers
from applications.services import attachments, drafts, partners, rows, signing, submitting
from evaluation.demo.timeline import Act, Days, minutes_apart
from evaluation.demo.written import answers_of, read_applications
from portal import clock, pdf
from portal.cells import new_key
from portal.communities.models import HealthCommunity, Organisation, User
from portal.communities.queries import signatories
from rounds.answering.services.answers import Change, save_answers
from rounds.answering.services.rows import RowChange
from rounds.definition import RoundDefinition
from rounds.models import Round


def acts(now: datetime) -> Iterator[Act]:
    """Each application is written in one sitting, signed the day before it is sent, and then sent."""
    days = Days(now)
    for number, entry in enumerate(read_applications()):
        story = _ApplicationStory(entry, days)
        yield Act(days.ago(entry["begun"], hour=8, minute=3 * number), story.write)
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

    def __init__(self, story: dict[str, Any], days: Days) -> None:
        self.story, self.days = story, days
        self._partners: dict[str, Partner] = {}

    def day(self, ago: int) -> date:
        """The date so many days before the demo is loaded."""
        return clock.local_date(self.days.ago(ago))

    def write(self, at: datetime) -> None:
        """Start the draft and fill it in."""
        self.round, self.at = Round.objects.get(code=self.story["round"]), at
        self.spec, self.writer = self.round.spec, User.objects.get(email=self.story["writer"])
        lead, *others = [Organisation.objects.get(orgnr=orgnr) for orgnr in self.story["partners"]]
        community = HealthCommunity.objects.get(code=self.story["community"])
        self.application = drafts.start(self.round, community, self.story["title"], lead, by=self.writer, at=at)
        partners.add(self.application, others, by=self.writer, at=at)
        for partner in self.application.partners.select_related("organisation"):
            if partner.organisation and partner.organisation.orgnr:
                self._partners[partner.organisation.orgnr] = partner
        self._contacts()
        self._answer()
        self._benefits()
        self._budget()
        if self.story["state"] != "draft":
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
        for orgnr, contact in self.story["contacts"].items():
            rows.save_rows(
                self._partners[orgnr], Contact, [RowChange(new_key(), {}, contact)], by=self.writer, at=self.at
            )

    def _answer(self) -> None:
        changes = {code: Change(value, 0) for code, value in answers_of(self.story, self.spec, self.day)}
        if "cost_shift" in self.story:
            shift = self.story["cost_shift"]
            changes[COST_SHIFT] = Change({"value": shift["answer"], "text": shift["text"] or ""}, 0)
        save_answers(drafts.ApplicationOwner(self.application), changes, by=self.writer, at=self.at)

    # --- the standard parts ----------------------------------------------------------------------------------

    def _benefits(self) -> None:
        changes = []
        for benefit in self.story["benefits"]:
            values = dict(benefit)
            if "applicant" in values:
                values["applicant_id"] = self._partners[values.pop("applicant")].pk
            changes.append(RowChange(new_key(), {}, values))
        rows.save_rows(self.application, Benefit, changes, by=self.writer, at=self.at)

    def _budget(self) -> None:
        rows.save_amount(self.application, self.story["amount"], base=None, by=self.writer, at=self.at)
        changes = [RowChange(new_key(), {}, self._line(line)) for line in self.story["budget"]]
        rows.save_rows(self.application, BudgetLine, changes, by=self.writer, at=self.at)

    def _line(self, line: dict[str, Any]) -> dict[str, Any]:
        is_grant = line["payer"] == "grant"
        return {
            "year": self.spec.budget.years[line["year"] - 1],
            "cost_type": line["cost"],
            "description": line["for"],
            "amount": line["amount"],
            "paid": ["grant", None, "cash"] if is_grant else ["own", self._partners[line["payer"]].pk, line["form"]],
        }

    def _attachments(self) -> None:
        for kind in self.spec.attachments.kinds:
            if kind.required:
                title = f"{kind.label}: {self.story['title']}"
                data = pdf.render("letters/demo_attachment.html", {"title": title}, title=title, at=self.at)
                uploaded = SimpleUploadedFile(f"{kind.code}.pdf", data, "application/pdf")
                attachments.add(
                    self.application, uploaded, kind=kind.code, title=kind.label, by=self.writer, at=self.at
                )
