"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from evaluation.meetings import home, waiting
from evaluation.meetings.documents import MINUTES
from evaluation.meetings.queries import agenda, electorate, ended_bodies, habilitet
from evaluation.meetings.services import handing_over
from portal.communities.menu import sits_in_a_body
from portal.communities.questions import bodies_in_session, hand_meetings_over, held_after, unfinished_in
from portal.rooms import HomePart, MailSubject, NavItem, Room, TaskList

SENTENCES = {
    "meeting.planned": _("Møtet ble planlagt."),
    "meeting.rescheduled": _("Møtet ble flyttet."),
    "meeting.cancelled": _("Møtet ble avlyst («%(reason)s»)."),
    "meeting.handed_over": _("Møtet ble overtatt fra %(body)s, som er avsluttet. Sakene fikk nye numre: %(numbers)s."),
    "meeting.called": _("Innkallingen ble sendt."),
    "meeting.list_put_up": _("En prioritert liste ble satt på sakslisten."),
    "meeting.apologised": _("Et medlem meldte forfall."),
    "meeting.opened": _("Møtet ble satt."),
    "meeting.arrived": _("Et medlem kom til møtet."),
    "meeting.left": _("Et medlem gikk fra møtet."),
    "meeting.secretary_chosen": _("%(name)s ble satt som sekretær i møtet."),
    "meeting.moved_on": _("Møtet gikk videre til neste sak."),
    "meeting.closed": _("Møtet ble hevet."),
    "meeting.reopened": _("Møtet ble åpnet igjen («%(why)s»)."),
    "case.added": _("En sak ble satt opp."),
    "case.moved": _("Saken ble flyttet på sakslisten."),
    "case.taken_off": _("Sak %(cases)s ble tatt av sakslisten («%(reason)s»)."),
    "case.paper_written": _("Saksframlegget ble skrevet."),
    "case.earlier_named": _("Saken ble knyttet til sak %(earlier)s."),
    "case.earlier_left_out": _("Saken er ikke lenger knyttet til sak %(earlier)s."),
    "case.attachment_added": _("Vedlegg %(number)s til sak %(case)s ble lagt ved."),
    "case.attachment_removed": _("Vedlegg %(number)s til sak %(case)s ble fjernet."),
    "case.statements_written": _("Protokolltilførsler ble skrevet."),
    "case.allocation_rewritten": _("Forslaget til fordeling ble skrevet på nytt."),
    "case.decided": _("Saken ble avgjort."),
    "case.discussion_asked": _("Et medlem ba om at sak %(case)s drøftes."),
    "case.discussion_taken_back": _("Et medlem trakk ønsket om at sak %(case)s drøftes."),
    "case.postponed": _("Saken ble utsatt."),
    "case.noted": _("Saken ble tatt til orientering."),
    "case.corrected": _("Vedtaket i sak %(case)s ble rettet («%(why)s»)."),
    "case.reopened": _("Sak %(case)s ble åpnet igjen («%(why)s»)."),
    "case.taken_up_again": _("Saken ble tatt opp igjen."),
    "habilitet.answered": _("En person svarte på om hun eller han er habil i saken."),
    "habilitet.withdrawn": _("Spørsmålet om habilitet ble trukket."),
    "ballot.opened": _("Voteringen ble åpnet."),
    "vote.cast": _("En stemme ble avgitt."),
    "vote.changed": _("En stemme ble endret."),
    "ballot.closed": _("Voteringen ble lukket."),
    "ballot.hands_counted": _("En håndsopprekning i sak %(case)s ble ført inn."),
    "minutes.written": _("Protokollen ble skrevet."),
    "minutes.sent": _("Protokollen ble sendt til gjennomlesing."),
    "minutes.remark_told": _("Et medlem skrev en merknad til protokollen."),
    "minutes.adopted": _("Protokollen ble godkjent."),
}

ROOM = Room(
    menu=(NavItem(_("Møter"), "meetings:list", visible=sits_in_a_body, order=50),),
    tasks=(
        TaskList("lists", order=48, build=waiting.lists),
        TaskList("postponed", order=49, build=waiting.postponed),
        TaskList("meetings", order=50, build=waiting.meetings),
        TaskList("minutes", order=51, build=waiting.minutes),
    ),
    home=(HomePart(20, "meetings/_home_meetings.html", home.meetings, visible=sits_in_a_body),),
    documents=(MINUTES,),
    mail=(MailSubject("meetings.meeting", agenda.meetings_prepared_by),),
    tones={
        "open": "success",
        "closed": "ended",
        "adopted": "success",
        "decided": "success",
        "noted": "success",
        "postponed": "warning",
    },
    sentences=SENTENCES,
    answers={
        bodies_in_session: electorate.in_session,
        held_after: ended_bodies.held_after,
        unfinished_in: ended_bodies.unfinished_in,
        hand_meetings_over: handing_over.hand_over,
    },
    closed=habilitet.closed_subjects,
)
