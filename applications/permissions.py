"""Who may do what with an application: one predicate for each act, in the order of the process."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Application, Partner
from applications.queries import has_people, signs_for_partner, starting
from applications.start_choices import Starting
from applications.workflow import Status, can
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.formats import deadline_no
from portal.permissions import YES, Refused, Verdict, Way, allow_if, first_refusal
from portal.twins import said_of, twin_lazy, twin_of
from rounds.deadlines import Deadline
from rounds.queries import deadline_for
from rounds.workflow import Phase

if TYPE_CHECKING:
    from rounds.models import Round

# The form's standard parts have pages of their own; each is open when a section that holds it is.
PARTS = ("parties", "contacts", "benefits", "budget", "attachments")


OUT_OF_CASE = gettext_noop("Saken er stengt for deg: Du er inhabil i den, eller habiliteten din er ikke avgjort.")
NOT_THEIRS = gettext_noop("Bare %s eller ansvarlig søker kan laste opp avtalen deres.")
LOCKED = gettext_noop(
    "Teksten er låst mens partnerne signerer. Må dere endre noe, åpner dere den igjen på siden «Signaturer»."
)
TAKES_NONE = twin_lazy("Utlysningen er trukket. Runden tar ikke imot søknader.")
OPENS = twin_lazy("Runden åpner for søknader %(when)s.")
CANCELLED = twin_lazy("Utlysningen er trukket. Dere kan lese søknaden, men ikke endre eller sende den.")
SENT = twin_lazy("Søknaden er sendt og kan ikke endres. Den har status «%s».")
PASSED = twin_lazy("Fristen gikk ut %(when)s. Dere kan lese søknaden, men ikke endre den.")
ONLY_SUPPORTS = twin_lazy("De som bare støtter søknaden, skal ikke signere.")
NOT_THE_LEAD = twin_lazy("Bare ansvarlig søker kan trekke søknaden.")
WRITES_IT = twin_lazy("Du er med på å skrive søknaden. En kollega må gi utsatt frist.")
NOT_WAITING = twin_lazy("Bare en søknad som ikke er sendt, kan få utsatt frist.")
THROWN_AWAY = gettext_noop("Utkastet er kastet og kan ikke endres.")
NOT_BROUGHT_BACK = gettext_noop("Utlysningen er trukket, så utkastet kan ikke hentes tilbake.")
KEPT_UNTIL = gettext_noop("Utkastet kunne hentes tilbake til %(when)s.")
SAID_NO = gettext_noop("%s har takket nei til å signere. De må selv signere i portalen hvis de ombestemmer seg.")

# --- starting -------------------------------------------------------------------------------------


def can_start(user: Any, round: "Round", *, now: datetime) -> Verdict:  # noqa: A002 - the field's word
    """Start an application: somebody who acts for an organisation or an FSU, while the round is open."""
    standing = standing_at(user, now)
    acts_for_somebody = standing.organisation_ids or standing.body_ids
    return first_refusal(
        allow_if(acts_for_somebody, _("Dere må være knyttet til en organisasjon eller et utvalg for å søke.")),
        is_open(round, deadline_for(round, user, now), now),
    )


def is_open(round: "Round", deadline: Deadline, now: datetime) -> Verdict:  # noqa: A002
    """Whether somebody whose deadline this is can start in the round now."""
    phase = round.phase_at(now, deadline)
    if phase == Phase.OPEN:
        return YES
    if phase == Phase.CANCELLED:
        return Refused(said_of(TAKES_NONE, round), is_past=True)
    if phase == Phase.CLOSED:
        return Refused(_closed(round, deadline, now), is_past=True)
    return _opens(round)


def _opens(of_round: "Round") -> Refused:
    call = Way(of_round.get_absolute_url(), _("Se utlysningen"))
    return Refused(said_of(OPENS, of_round) % {"when": deadline_no(of_round.opens_at)}, first=call)


def _closed(of_round: "Round", deadline: Deadline, now: datetime) -> str:
    words = {"when": deadline_no(deadline.at), "where": deadline.where}
    later = deadline.later_elsewhere
    if later is None or now >= later:
        return _("Søknadsfristen gikk ut %(when)s.") % words
    sentence = twin_lazy("Fristen i %(where)s gikk ut %(when)s. Andre helsefellesskap tar imot søknader til %(later)s.")
    return twin_of(sentence, of_round.noun_context) % {**words, "later": deadline_no(later)}


def belongs_in_round(choices: Starting) -> Verdict:
    """Whether the person belongs to an organisation or an FSU that can apply in the round."""
    can_apply = choices.organisations or choices.bodies
    return allow_if(can_apply, _("Organisasjonen deres hører ikke til et helsefellesskap som kan søke i denne runden."))


def can_apply_in(of_round: "Round", user: Any, now: datetime) -> bool:
    """Whether the person can start in the round: the answer to the room of the rounds."""
    if not can_start(user, of_round, now=now):
        return False
    return bool(belongs_in_round(starting(user, of_round, now)))


# --- reading ----------------------------------------------------------------------------------------


def is_writer(user: Any, application: Application, *, now: datetime) -> bool:
    """Whether the person writes the application, for a partner or for the FSU that owns it."""
    return application.is_written_by(standing_at(user, now))


def is_handler(user: Any, application: Application, *, now: datetime) -> bool:
    """Whether the person is in the secretariat that receives the application, and checks it."""
    return application.is_received_by(standing_at(user, now))


def can_read_draft(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Read the draft. The secretariat sees only what has been sent."""
    writes = is_writer(user, application, now=now)
    return allow_if(writes, said_of(twin_lazy("Bare de som skriver søknaden, kan lese utkastet."), application))


def can_read_sent(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Read the version that was sent."""
    handles = application.has_come_to(standing_at(user, now))
    writes = is_writer(user, application, now=now)
    return first_refusal(
        allow_if(handles or writes, said_of(twin_lazy("Søknaden hører ikke til hos dere."), application)),
        _is_sent(application, now),
        allow_if(writes or not _is_out_of_case(user, application, now), _(OUT_OF_CASE)),
    )


def _is_sent(application: Application, now: datetime) -> Verdict:
    """Whether it was sent; what can no longer be sent is told as past, with the reason."""
    not_sent, is_draft = said_of(twin_lazy("Søknaden er ikke sendt."), application), application.status == Status.DRAFT
    check = Way(reverse("applications:check", args=[application.code]), _("Kontroller og send"))
    if application.submitted_at:
        return YES
    if is_draft and not (editable := is_editable(application, now)):
        return editable
    return Refused(not_sent, first=check) if is_draft else Refused(not_sent, is_past=True)


def _is_out_of_case(user: Any, application: Application, now: datetime) -> bool:
    return application.is_out_of_case(standing_at(user, now))


# --- writing ------------------------------------------------------------------------------------------


def can_edit(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Write in the application; of a correction, only in the sections that are reopened."""
    edits = application.is_edited_by(standing_at(user, now))
    refusal = said_of(twin_lazy("Bare søkeren og partnerne kan endre søknaden."), application)
    return first_refusal(allow_if(edits, refusal), is_editable(application, now))


def can_edit_section(user: Any, application: Application, section: str, *, now: datetime) -> Verdict:
    """Write in one section; a correction request opens only those it names."""
    return first_refusal(_can_write(user, application, now), _is_reopened(application, {section}))


def can_edit_part(user: Any, application: Application, part: str, *, now: datetime) -> Verdict:
    """Write in a standard part of the form (``PARTS``); one or more sections hold it."""
    holding = {section.code for section in application.round.spec.sections if section.has(part)}
    return first_refusal(_can_write(user, application, now), _is_reopened(application, holding))


def _can_write(user: Any, application: Application, now: datetime) -> Verdict:
    """The same as ``can_edit``, while the text is not locked for the partners to sign it."""
    is_open = allow_if(application.signing_locked_at is None, _(LOCKED), is_past=True)
    return first_refusal(can_edit(user, application, now=now), is_open)


def can_open_text(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Open the text again while the partners sign it: whoever may write it."""
    is_locked = allow_if(application.signing_locked_at is not None, _("Teksten er allerede åpen."), is_past=True)
    return first_refusal(can_edit(user, application, now=now), is_locked)


def is_editable(application: Application, now: datetime) -> Verdict:
    """Whether the status and the deadline let anybody write."""
    if application.round.cancelled_at:
        return Refused(said_of(CANCELLED, application), is_past=True)
    if application.status == Status.DRAFT:
        return _before(application.closes_at, application, now)
    if request := application.open_correction:
        return _before(request.due_at, application, now)
    sent = said_of(SENT, application) % application.known_status.label
    return Refused(sent if application.submitted_at else _(THROWN_AWAY), is_past=True)


def _before(deadline: datetime, application: Application, now: datetime) -> Verdict:
    if now < deadline:
        return YES
    return Refused(said_of(PASSED, application) % {"when": deadline_no(deadline)}, is_past=True)


def _is_reopened(application: Application, sections: set[str]) -> Verdict:
    request = application.open_correction
    refusal = said_of(twin_lazy("Sekretariatet har bare åpnet andre deler av søknaden for retting."), application)
    return YES if request is None else allow_if(sections & set(request.sections), refusal)


def can_remove_partner(user: Any, partner: Partner, *, now: datetime) -> Verdict:
    """Remove a partner. The lead stays until another partner is the lead."""
    return first_refusal(
        can_edit_part(user, partner.application, "parties", now=now),
        allow_if(not partner.is_lead, _("Ansvarlig søker kan ikke fjernes. Velg først en annen ansvarlig søker.")),
    )


def can_change_lead(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Let another partner be the lead: the present lead decides it, since the money and the withdrawal go with it."""
    return first_refusal(
        can_edit_part(user, application, "parties", now=now),
        allow_if(
            _acts_for_lead(user, application, now),
            _("Det er ansvarlig søker som gir ansvaret til en annen partner. Be dem gjøre det."),
        ),
    )


def _acts_for_lead(user: Any, application: Application, now: datetime) -> bool:
    """Whether the person belongs to the lead, or to the body that owns the project.

    Where nobody of the lead has access to the portal any more, those who may sign for another partner act for it.
    """
    places = application.places_of(standing_at(user, now))
    lead = application.lead_organisation_id
    if lead in places.organisation_ids or application.owner_body_id in places.body_ids:
        return True
    if not places.signs_for_ids or has_people(lead, local_date(now)):
        return False
    return signs_for_partner(application, places)


# --- signing and sending --------------------------------------------------------------------------------


def can_sign(user: Any, partner: Partner, *, now: datetime) -> Verdict:
    """Sign for a partner: somebody with authority to bind the organisation, while the text can be sent."""
    places = partner.application.places_of(standing_at(user, now))
    signs = partner.organisation_id in places.signs_for_ids
    return first_refusal(
        allow_if(partner.must_sign, said_of(ONLY_SUPPORTS, partner.application)),
        allow_if(signs, _("Bare en person med fullmakt til å signere for %s, kan signere.") % partner.name),
        is_editable(partner.application, now),
    )


def can_upload_agreement(user: Any, partner: Partner, *, now: datetime) -> Verdict:
    """Upload an agreement that a partner has signed on paper (R73).

    The partner's own people may, and those of the lead; nobody when the partner has refused to sign.
    """
    return first_refusal(
        allow_if(partner.must_sign, said_of(ONLY_SUPPORTS, partner.application)),
        allow_if(_collects_agreement(user, partner, now), _(NOT_THEIRS) % partner.name),
        allow_if(not partner.says_no, _(SAID_NO) % partner.name),
        can_edit(user, partner.application, now=now),
    )


def _collects_agreement(user: Any, partner: Partner, now: datetime) -> bool:
    collectors = {partner.organisation_id, partner.application.lead_organisation_id}
    return bool(collectors & partner.application.places_of(standing_at(user, now)).organisation_ids)


def can_submit(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Send the application or its correction. Any partner may."""
    return can_edit(user, application, now=now)


def can_press_submit(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Press the button that sends it: whoever may write it. The act answers for status and deadline."""
    edits = application.is_edited_by(standing_at(user, now))
    return allow_if(edits, said_of(twin_lazy("Bare søkeren og partnerne kan sende søknaden."), application))


def can_withdraw(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Withdraw the application, or throw the draft away: the lead's people."""
    is_in_time = can(application.known_status, "withdraw")
    return first_refusal(
        allow_if(_acts_for_lead(user, application, now), said_of(NOT_THE_LEAD, application)),
        allow_if(is_in_time, said_of(twin_lazy("Søknaden kan ikke trekkes nå."), application), is_past=True),
    )


def can_bring_back(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Bring back a draft that was thrown away: the lead's people, for thirty days."""
    is_draft = application.status == Status.WITHDRAWN and application.submitted_at is None
    until = application.kept_until
    return first_refusal(
        allow_if(is_draft, _("Bare et utkast som er kastet, kan hentes tilbake.")),
        allow_if(_acts_for_lead(user, application, now), _("Bare ansvarlig søker kan hente utkastet tilbake.")),
        allow_if(not application.round.cancelled_at, _(NOT_BROUGHT_BACK), is_past=True),
        allow_if(now < until, _(KEPT_UNTIL) % {"when": deadline_no(until)}, is_past=True),
    )


# --- the secretariat ------------------------------------------------------------------------------------


def has_answered(user: Any, application: Application, *, now: datetime) -> Verdict:
    """An officer who takes part in the application answers about habilitet before acting in the case; one query."""
    must = application.awaits_answer_of(standing_at(user, now))
    return Refused(says_must_answer([application.title])) if must else YES


def says_must_answer(titles: Sequence[str]) -> str:
    """The sentence to somebody who takes part in these applications and has not been asked about habilitet."""
    return _("Du er med på %(titles)s og har ikke svart på om du er habil. Åpne søknaden og svar først.") % {
        "titles": ", ".join(f"«{title}»" for title in titles)
    }


def can_request_correction(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Ask the applicants to put named sections right."""
    handles = _handles(user, application, now)
    can_be_asked = allow_if(
        can(application.status, "request_correction"),
        said_of(twin_lazy("Dere kan bare be om retting før søknaden er kontrollert."), application),
        is_past=True,
    )
    return first_refusal(handles, can_be_asked, has_answered(user, application, now=now) if handles else handles)


def can_extend(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Give one application a later deadline. Somebody who writes the application may not."""
    is_waiting = application.status in {Status.DRAFT, Status.CORRECTION}
    writes = application.is_edited_by(standing_at(user, now))
    return first_refusal(
        _handles(user, application, now),
        allow_if(not writes, said_of(WRITES_IT, application)),
        allow_if(is_waiting, said_of(NOT_WAITING, application), is_past=True),
        allow_if(not application.round.cancelled_at, _("Utlysningen er trukket."), is_past=True),
    )


def _handles(user: Any, application: Application, now: datetime) -> Verdict:
    handles = is_handler(user, application, now=now)
    return first_refusal(
        allow_if(
            handles, said_of(twin_lazy("Bare sekretariatet som tar imot søknaden, kan gjøre dette."), application)
        ),
        allow_if(not _is_out_of_case(user, application, now), _(OUT_OF_CASE)),
    )


def is_secretariat(user: Any, *, now: datetime) -> Verdict:
    """Whether the person is in any secretariat."""
    return allow_if(standing_at(user, now).is_officer, _("Bare sekretariatet kan gi utsatt frist."))
