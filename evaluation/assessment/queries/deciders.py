"""Who decides a question of habilitet outside a meeting: officers, and where none can, those who lead the body."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from applications.models import Application, StageEntry
from applications.workflow import UNDECIDED
from evaluation.assessment.habilitet import Person, Roles, first_able, ties
from evaluation.assessment.models import Habilitet, HabilitetStep
from evaluation.assessment.queries.habilitet import out_of_case
from evaluation.assessment.queries.ties import TiedPeople, has_strong_tie, persons, roles_of
from portal.communities.models import Body, BodyKind, Seat, SeatRole, User
from portal.communities.queries.vouching import Unconfirmed, unconfirmed
from portal.communities.standing import Standing
from portal.formats import datetime_no

LEADERS = (SeatRole.CHAIR, SeatRole.VICE_CHAIR)


def deciders(questions: Sequence[Habilitet], day: date) -> dict[int, list[User]]:
    """Those who decide each question about an application, by the id of the question; ten queries, or none.

    The officers who have the application; where none of them can, the officers of its region; where none of those can,
    those who lead the bodies that it is at. Nobody can who is the person, has raised the question, or is out of the
    case, nor who has a strong tie to it and has not been asked; nor an officer whose seat waits for a colleague to
    confirm it, or who counts as one with whoever raised the question (``vouching``).
    """
    if not questions:
        return {}
    applications = {item.application_id: item.application for item in questions if item.application}
    entries = list(StageEntry.objects.filter(application__in=applications).select_related("stage__body").order_by())
    seats = _seats(applications.values(), entries, day)
    unable = _unable(applications.values(), {seat.user for seat in seats}, day)
    new = unconfirmed()
    able: dict[int, list[User]] = {}
    for item in questions:
        if item.application is None:
            continue
        here = [entry for entry in entries if entry.application_id == item.application_id]
        levels = _levels(item.application, here, seats)
        same = new.one_with(item.raised_by_id)
        ids = first_able(levels, {item.person_id, item.raised_by_id, *unable[item.application.pk], *new.people, *same})
        users = {seat.user for seat in seats if seat.user_id in ids}
        able[item.pk] = sorted(users, key=lambda user: (user.name, user.pk))
    return able


def to_decide(standing: Standing, day: date, limit: int) -> list[Habilitet]:
    """The oldest questions of others' habilitet that the person decides, ``limit`` at most.

    One query for those who are officers or lead a body, else none, and two more when anything waits for anybody. It is
    the rule of ``deciders`` as a condition, so that the questions of others, of which a region may have many, hide none
    of the person's. A question waits as long as the application does, also when the list is locked or forwarded.
    """
    if not (standing.is_officer or standing.chaired_body_ids):
        return []
    waiting = Habilitet.objects.filter(is_pending=True, application__status__in=UNDECIDED)
    others = waiting.exclude(person=standing.user_id).exclude(raised_by=standing.user_id)
    # Nearly always none, and the condition below takes as long to write as the rest of the front page.
    if not others.exists():
        return []
    new = unconfirmed()
    if standing.user_id in new.people:
        return []
    same = Q(raised_by__in=new.one_with(standing.user_id))
    rows = others.filter(_falls_to(standing, day, new)).exclude(_is_unable(standing) | same)
    return list(rows.select_related("application__community", "person").order_by("raised_at", "pk")[:limit])


def _falls_to(standing: Standing, day: date, new: Unconfirmed) -> Q:
    """A condition on questions: the person is on the first level on which anybody can decide it."""
    able = Seat.objects.current(day).filter(user__is_active=True)
    able = able.exclude(user=OuterRef("person")).exclude(user=OuterRef("raised_by"))
    rows = Habilitet.objects.filter(application=OuterRef(OuterRef("application")), person=OuterRef("user"))
    tied = TiedPeople(OuterRef(OuterRef("application")), day, person="user", email="user__email")
    able = able.exclude(user__in=new.people)
    for group in new.groups:
        raised = Habilitet.objects.filter(pk=OuterRef(OuterRef("pk")), raised_by__in=group)
        able = able.exclude(Q(user__in=group) & Q(Exists(raised)))
    able = able.exclude(Exists(rows.out_of_case())).exclude(~Exists(rows) & tied.have_strong_tie())
    officers = able.filter(body__kind=BodyKind.SECRETARIAT)
    entries = StageEntry.objects.filter(application=OuterRef(OuterRef("application")))
    at_office = Q(community=OuterRef("body__community"))
    at_region = Q(community=None, stage__body__region=OuterRef("body__region"))
    office = officers.filter(Exists(entries.filter(at_office | at_region)))
    region = officers.filter(body__region=OuterRef("application__community__region"))
    handles = Q(application__in=Application.objects.handled_by(standing).values("pk"))
    is_above = Q(application__community__region__in=standing.secretariat_region_ids)
    return handles | (~Exists(office) & (is_above | (~Exists(region) & _leads(standing))))


def _leads(standing: Standing) -> Q:
    """A condition on questions: the person leads a body that the application is at, or has been at."""
    led = Body.objects.filter(pk__in=standing.chaired_body_ids)
    of_kind = led.filter(community=OuterRef("community"), kind=OuterRef("stage__body_kind"))
    at_body = Q(stage__body__in=standing.chaired_body_ids) | (Q(stage__body=None) & Q(Exists(of_kind)))
    return Q(Exists(StageEntry.objects.filter(at_body, application=OuterRef("application"))))


def _is_unable(standing: Standing) -> Q:
    """A condition on questions: the person is out of the case, or has a strong tie and has not been asked."""
    asked = Habilitet.objects.filter(application=OuterRef("pk"), person=standing.user_id)
    tied = Application.objects.filter(has_strong_tie(standing), ~Exists(asked))
    return out_of_case(standing.user_id, "application") | Q(application__in=tied.values("pk"))


def question_about(code: str, person: int) -> Habilitet | None:
    """The row of the person (id) in the application with the code, with what its page shows; one query."""
    related = ("application__round", "application__community", "person", "raised_by", "body")
    return Habilitet.objects.filter(application__code=code, person=person).select_related(*related).first()


def outcome_for(user: User, code: str, person: int, day: date) -> str:
    """What became of the question about the person (id), as a sentence to one who might decide it; else empty.

    Whoever might: those on any level of ``deciders`` who are not the person and not out of the case. So one who comes
    second is told, and one who had the question until somebody nearer could take it.
    """
    application = Application.objects.filter(code=code).select_related("community").first()
    if application is None or user.pk == person or user.pk not in _near(application, day):
        return ""
    question = question_about(code, person)
    if question and question.is_pending:
        names = ", ".join(str(able) for able in deciders([question], day)[question.pk]) or _("et utvalg i møte")
        return _("Spørsmålet avgjøres av %(names)s.") % {"names": names}
    last = HabilitetStep.objects.filter(application=application, person=person).select_related("by", "body").last()
    said = {
        HabilitetStep.Kind.DECIDED: _("Spørsmålet ble avgjort av %(name)s %(when)s."),
        HabilitetStep.Kind.TAKEN_BACK: _("Spørsmålet ble tatt tilbake av %(name)s %(when)s."),
    }
    if last is None or last.kind not in said:
        return ""
    return said[HabilitetStep.Kind(last.kind)] % {"name": last.body or last.by, "when": datetime_no(last.at)}


def _near(application: Application, day: date) -> set[int]:
    """Those (ids) who might decide a question in the application, on any level, and are not out of it."""
    entries = list(application.stage_entries.select_related("stage__body").order_by())
    seats = _seats([application], entries, day)
    unable = _unable([application], {seat.user for seat in seats}, day)[application.pk]
    return set().union(*_levels(application, entries, seats)) - unable


def _seats(applications: Iterable[Application], entries: Iterable[StageEntry], day: date) -> list[Seat]:
    """The seats of today in the secretariats and bodies that have the applications, or are above those; one query."""
    communities = {entry.community_id for entry in entries if entry.community_id}
    regions = {application.community.region_id for application in applications}
    bodies = {entry.stage.body for entry in entries if entry.stage.body}
    regions |= {body.region_id for body in bodies if body.region_id}
    office = Q(body__kind=BodyKind.SECRETARIAT) & (Q(body__community__in=communities) | Q(body__region__in=regions))
    leading = Q(role__in=LEADERS) & (Q(body__in=bodies) | Q(body__community__in=communities))
    seats = Seat.objects.current(day).filter(office | leading, user__is_active=True)
    return list(seats.select_related("user", "body").order_by())


def _levels(application: Application, entries: Collection[StageEntry], seats: Collection[Seat]) -> list[set[int]]:
    """Those who might decide (ids), the nearest first."""
    officers = [seat for seat in seats if seat.body.kind == BodyKind.SECRETARIAT]
    communities = {entry.community_id for entry in entries if entry.community_id}
    regional = {entry.stage.body.region_id for entry in entries if not entry.community_id and entry.stage.body}
    above = application.community.region_id
    bodies = {entry.stage.body_id for entry in entries}
    kinds = {(entry.community_id, entry.stage.body_kind) for entry in entries if not entry.stage.body_id}

    def leads(seat: Seat) -> bool:
        return seat.body_id in bodies or (seat.body.community_id, seat.body.kind) in kinds

    return [
        {s.user_id for s in officers if s.body.community_id in communities or _is_of(s, regional)},
        {s.user_id for s in officers if _is_of(s, {above})},
        {s.user_id for s in seats if s.role in LEADERS and leads(s)},
    ]


def _is_of(seat: Seat, regions: Collection[int | None]) -> bool:
    return seat.body.region_id is not None and seat.body.region_id in regions


def _unable(applications: Iterable[Application], users: Collection[User], day: date) -> dict[int, set[int]]:
    """The users (ids) who are out of each application, by its id, or have a strong tie and have not been asked."""
    applications = list(applications)
    asked = {
        (row.application_id, row.person_id): row.is_pending or bool(row.is_recused)
        for row in Habilitet.objects.filter(application__in=applications, person__in=users)
    }
    roles, people = roles_of(applications), persons(users, day)

    def is_unable(application: Application, user: User) -> bool:
        out = asked.get((application.pk, user.pk))
        return _is_strong(roles[application.pk], people[user.pk]) if out is None else out

    return {item.pk: {user.pk for user in users if is_unable(item, user)} for item in applications}


def _is_strong(roles: Roles, person: Person) -> bool:
    return any(tie.is_strong for tie in ties(roles, person))
