"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from applications.questions import is_decided_in
from evaluation.assessment.questions import use_of_check, use_of_list
from evaluation.decisions import queries, waiting
from evaluation.decisions.documents import LETTER
from portal.communities.menu import is_officer
from portal.rooms import MailSubject, NavItem, Room, TaskList
from rounds.questions import answered_rounds, frame_state

ROOM = Room(
    menu=(
        NavItem(_("Vedtak og brev"), "decisions:rounds", visible=is_officer, order=60, otherwise="applications:list"),
    ),
    tasks=(
        TaskList("minutes", order=58, build=waiting.minutes),
        TaskList("letters", order=60, build=waiting.letters),
    ),
    documents=(LETTER,),
    mail=(
        MailSubject(
            "decisions.letter",
            queries.letters_looked_after,
            case=lambda letter: letter.decision.application,
            may_redirect=True,
        ),
    ),
    tones={"approved": "info", "sent": "success"},
    sentences={
        "decision.made": _("Vedtaket ble registrert. Sak %(case)s."),
        "letter.prepared": _("Brev %(letter)s ble skrevet."),
        "letter.looked_at": _("Brev %(letter)s ble sett gjennom."),
        "letter.approved": _("Brev %(letter)s ble godkjent."),
        "letter.taken_back": _("Godkjenningen av brev %(letter)s ble tatt tilbake («%(reason)s»)."),
        "letter.ordered": _("Brev %(letter)s ble lagt til sending."),
        "letter.sent": _("Brev %(letter)s ble sendt til %(recipients)s mottakere."),
        "letters.batched": _("%(letters)s brev ble pakket."),
    },
    answers={
        answered_rounds: queries.answered_rounds,
        frame_state: queries.granted_under_frame,
        is_decided_in: queries.is_decided_in,
        use_of_check: queries.use_of_check,
        use_of_list: queries.use_of_list,
    },
)
