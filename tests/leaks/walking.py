"""Everything that a person can fetch, by the name of its route, as text in which two walks of one world are alike."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from evaluation.actions.models import FollowUpItem
from evaluation.assessment.models import Forwarding, Habilitet
from evaluation.decisions.models import Letter, LetterBatch
from evaluation.meetings.models import Ballot, Case, Meeting
from evaluation.reporting.queries import code_of
from portal.mail.models import Message
from portal.pdf import Attachment

# What differs between two answers to the same request: the token of the forms, and sums of frozen content.
CHANGING = re.compile(r"\b[A-Za-z0-9]{64}\b|\b[0-9a-f]{32}\b")
# The number of an entry says how many acts came before it, in all cases together.
LOG_NUMBER = re.compile(r'<span class="muted">· \d+</span>')


# --- the routes -------------------------------------------------------------------------------------


def routes() -> list[str]:
    """The name of every address of the portal, those of the sign-in library left out."""
    return sorted(set(_names(get_resolver().url_patterns, "")))


def _names(patterns: list[Any], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and "allauth" not in str(pattern.urlconf_name):
            yield from _names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or pattern.pattern}"


def _applications(world: Any) -> list[dict[str, Any]]:
    return [{"code": world.closed.code}, {"code": world.plain[0].code}]


def _closed(world: Any) -> list[dict[str, Any]]:
    return [{"code": world.closed.code}]


def _round(world: Any) -> list[dict[str, Any]]:
    return [{"code": world.round.code}]


def _turns(world: Any) -> list[dict[str, Any]]:
    return [turn_values(world.local), turn_values(world.regional)]


def turn_values(turn: Any) -> dict[str, Any]:
    """What names the turn in an address."""
    receiver = turn.community.code if turn.community else "region"
    return {"code": turn.round.code, "stage": turn.stage.code, "receiver": receiver}


def _of_turns(**more: Any) -> Any:
    return lambda world: [{**values, **more} for values in _turns(world)]


def _rows_of_turns(world: Any) -> list[dict[str, Any]]:
    codes = [world.closed.code, world.plain[0].code]
    return [{**values, "application": code} for values in _turns(world) for code in codes]


def _meetings(_world: Any) -> list[dict[str, Any]]:
    return [{"pk": pk} for pk in Meeting.objects.order_by("pk").values_list("pk", flat=True)]


def _cases(world: Any) -> list[dict[str, Any]]:
    """The closed case, the allocation, and what comes of the evaluation: not those of the other applications."""
    others = Case.objects.exclude(application__in=world.plain).order_by("pk")
    return [{"pk": pk} for pk in others.values_list("pk", flat=True)]


def _ballots(_world: Any) -> list[dict[str, Any]]:
    return [{"pk": pk} for pk in Ballot.objects.order_by("pk").values_list("pk", flat=True)]


def _letters(world: Any) -> list[dict[str, Any]]:
    letters = Letter.objects.filter(decision__application=world.closed)
    return [{"number": number} for number in letters.order_by("pk").values_list("number", flat=True)]


def _packages(world: Any) -> list[dict[str, Any]]:
    return [{"code": world.round.code, "pk": pk} for pk in Forwarding.objects.values_list("pk", flat=True)]


def _questions(world: Any) -> list[dict[str, Any]]:
    case = Case.objects.filter(application=world.closed).first()
    rows = Habilitet.objects.filter(application=world.closed).order_by("pk").values_list("pk", flat=True)
    return [{"pk": case.pk, "question_pk": pk} for pk in rows[:1]] if case else []


def _items(_world: Any) -> list[dict[str, Any]]:
    return [{"pk": pk} for pk in FollowUpItem.objects.order_by("pk").values_list("pk", flat=True)]


def _batches(_world: Any) -> list[dict[str, Any]]:
    return [{"pk": pk} for pk in LetterBatch.objects.order_by("pk").values_list("pk", flat=True)]


def _evaluation_question(world: Any) -> list[dict[str, Any]]:
    return [{"code": world.closed.code, "question": world.round.spec.evaluation_form.questions[0].code}]


def _plain(_world: Any) -> list[dict[str, Any]]:
    return [{}]


def _first(_world: Any) -> list[dict[str, Any]]:
    return [{"pk": 1}]


def _tenants(**more: Any) -> Any:
    def read(world: Any) -> list[dict[str, Any]]:
        community = world.closed.community
        return [{"tenant": code_of(tenant), **more} for tenant in (community, community.region)]

    return read


def _of_application(**more: Any) -> Any:
    return lambda world: [{"code": world.closed.code, **more}]


def _section(world: Any) -> list[dict[str, Any]]:
    return [{"code": world.closed.code, "section": world.round.spec.sections[0].code}]


def _partner(world: Any) -> list[dict[str, Any]]:
    return [{"code": world.closed.code, "pk": world.closed.partners.get(role="lead").pk}]


def _scored(world: Any) -> list[dict[str, Any]]:
    return [{"code": world.closed.code, "stage": world.local.stage.code}]


def _recusals(world: Any) -> list[dict[str, Any]]:
    rows = Habilitet.objects.filter(application=world.closed).order_by("pk").values_list("person", flat=True)
    return [{"code": world.closed.code, "pk": pk} for pk in rows[:1]]


# The addresses that are read, by route, with what they are asked for. Most are asked of the closed case and of another.
GET: dict[str, Any] = {
    "portal:home": _plain,
    "portal:my_page": _plain,
    "portal:log": _plain,
    "portal:person_list": _plain,
    "portal:undelivered": _plain,
    "portal:send_again": _first,
    "rounds:list": _plain,
    "rounds:detail": _round,
    "rounds:frame": _round,
    "applications:list": _plain,
    "applications:extend_draft": _plain,
    "applications:detail": _closed,
    "applications:section": _section,
    "applications:partners": _closed,
    "applications:partner": _partner,
    "applications:contact_row": _partner,
    "applications:partner_lead": _partner,
    "applications:partner_remove": _partner,
    "applications:partner_successor": _partner,
    "applications:partner_add": _closed,
    "applications:benefits": _closed,
    "applications:benefit_row": _closed,
    "applications:budget": _closed,
    "applications:budget_row": _closed,
    "applications:attachments": _closed,
    "applications:attachment": _of_application(number=1),
    "applications:attachment_replace": _of_application(number=1),
    "applications:attachment_remove": _of_application(number=1),
    "applications:signatures": _closed,
    "applications:signatures_open": _closed,
    "applications:signatures_remind": _closed,
    "applications:sign": _partner,
    "applications:sign_paper": _partner,
    "applications:sign_decline": _partner,
    "applications:agreement": _partner,
    "applications:check": _closed,
    "applications:withdraw": _closed,
    "applications:cancel_round": _round,
    "applications:bring_back": _closed,
    "applications:sent": _closed,
    "applications:receipt": _closed,
    "applications:receipt_pdf": _closed,
    "applications:version": _of_application(number=1),
    "applications:version_pdf": _of_application(number=1),
    "applications:changes": _of_application(number=1),
    "applications:sent_file": _of_application(number=1, attachment=1),
    "applications:request_correction": _closed,
    "applications:extend": _closed,
    "assessment:desk": _plain,
    "assessment:habilitet": _closed,
    "assessment:score": _scored,
    "assessment:detail": _applications,
    "assessment:papers": _closed,
    "assessment:attachment": _of_application(version=1, number=1),
    "assessment:admission": _closed,
    "assessment:check_again": _closed,
    "assessment:take_back": _scored,
    "assessment:correction": _closed,
    "assessment:assessors": _closed,
    "assessment:recusal": _recusals,
    "assessment:raise_habilitet": _recusals,
    "assessment:take_back_question": _recusals,
    "assessment:rounds": _plain,
    "assessment:round": _round,
    "assessment:round_ranking": _round,
    "assessment:lists": _round,
    "assessment:package_detail": _packages,
    "assessment:package_pdf": _packages,
    "assessment:turn": _turns,
    "assessment:export": _turns,
    "assessment:distribute": _turns,
    "assessment:ranking": _turns,
    "assessment:board": _turns,
    "assessment:amounts": _turns,
    "assessment:recommend": _rows_of_turns,
    "assessment:freeze": _turns,
    "assessment:list": _turns,
    "assessment:earlier_list": _of_turns(version=1),
    "assessment:unlock": _turns,
    "assessment:call_back": _turns,
    "assessment:forward": _turns,
    "assessment:package": _turns,
    "meetings:list": _plain,
    "meetings:cases": _plain,
    **dict.fromkeys(("meetings:agenda", "meetings:reschedule", "meetings:cancel", "meetings:add_case"), _meetings),
    **dict.fromkeys(("meetings:take_up_again", "meetings:call", "meetings:secretary"), _meetings),
    "meetings:take_off": _cases,
    "meetings:room": _meetings,
    "meetings:projector": _meetings,
    "meetings:screen": _meetings,
    "meetings:together": _meetings,
    "meetings:postpone_rest": _meetings,
    "meetings:close": _meetings,
    "meetings:reopen_meeting": _meetings,
    "meetings:case": _cases,
    "meetings:paper_pdf": _cases,
    "meetings:papers_pdf": _meetings,
    "meetings:attachment": lambda world: [{**values, "number": 1} for values in _cases(world)],
    "meetings:add_attachment": _cases,
    "meetings:case_attachment": lambda world: [{**values, "number": 1} for values in _cases(world)],
    "meetings:remove_attachment": lambda world: [{**values, "number": 1} for values in _cases(world)],
    "meetings:earlier": _cases,
    "meetings:edit_paper": _cases,
    "plans:status_pdf": lambda world: [{"case": values["pk"]} for values in _cases(world)],
    "meetings:raise_habilitet": _cases,
    "meetings:decide_habilitet": _questions,
    "meetings:withdraw_habilitet": _questions,
    "meetings:open_ballot": _cases,
    "meetings:close_ballot": _ballots,
    "meetings:hands": _cases,
    "meetings:resolve": _cases,
    "meetings:postpone": _cases,
    "meetings:note": _cases,
    "meetings:reopen": _cases,
    "meetings:minutes": _meetings,
    "meetings:send_minutes": _meetings,
    "meetings:tell_remark": _meetings,
    "meetings:adopt_minutes": _meetings,
    "meetings:minutes_pdf": _meetings,
    "meetings:correct": _cases,
    "meetings:write_statements": _cases,
    "meetings:plan": _plain,
    "meetings:extract_pdf": _cases,
    "actions:list": lambda world: [{"code": world.home.committee.code}],
    "actions:csv": lambda world: [{"code": world.home.committee.code}],
    "actions:add": lambda world: [{"code": world.home.committee.code}],
    "actions:go_through": _meetings,
    "actions:item": _items,
    "actions:mend": _items,
    "decisions:rounds": _plain,
    "decisions:overview": _round,
    "decisions:review_letters": _round,
    "decisions:confirm_letters": _round,
    "decisions:batch": _batches,
    "decisions:batch_zip": _batches,
    "decisions:letter": _letters,
    "decisions:letter_pdf": _letters,
    "decisions:preview": _letters,
    "decisions:take_back": _letters,
    "followup:overview": _plain,
    "reporting:now": _tenants(),
    "reporting:now_row": _tenants(table="parties", row=0),
    "followup:project": _closed,
    "followup:accept": _closed,
    "followup:decline": _closed,
    "followup:start": _closed,
    "followup:correct": _closed,
    "followup:evaluation": _closed,
    "followup:evaluation_row": _closed,
    "followup:evaluation_files": _evaluation_question,
    "followup:evaluation_file": _of_application(pk=1),
    "followup:evaluation_pdf": _closed,
}
# Filters and orders of the lists: a count or an order can tell as well as a word.
ASKED: dict[str, tuple[str, ...]] = {
    "assessment:turn": ("sort=amount", "sort=status"),
}
# Nothing but a press: they answer 405 to whoever only reads.
POST = frozenset(
    {
        "applications:amount", "applications:answer", "applications:submit",
        "assessment:considerations", "assessment:move", "assessment:read_new_version", "assessment:record_task",
        "assessment:score_draft", "assessment:unassign",
        "actions:report", "actions:settle",
        "decisions:approve", "decisions:approve_letters", "decisions:decide_application", "decisions:decide_meeting",
        "decisions:pack_letters", "decisions:prepare", "decisions:prepare_all", "decisions:send",
        "decisions:send_letters",
        "followup:evaluation_answer", "followup:evaluation_file_remove", "followup:put_up_case", "followup:remind",
        "meetings:add_list", "meetings:answer_habil", "meetings:attend",
        "meetings:attend_all",
        "meetings:ballot_as_proposed", "meetings:discussion",
        "meetings:go_to", "meetings:leave_out_earlier", "meetings:move", "meetings:open",
        "meetings:resolve_as_proposed", "meetings:rewrite_allocation", "meetings:vote",
        "meetings:write_remarks",
        "portal:invite_again", "portal:leave_message",
        "plans:adopt", "plans:move", "plans:put_up", "plans:remove", "plans:tell",
        "raised:answer", "raised:put_up", "raised:send_on", "raised:take_back",
        "comments:close", "comments:move_date", "comments:write",
        "reporting:approve", "reporting:open_again",
    }
)  # fmt: skip
# Without anything of a case, and why.
PUBLIC: dict[str, str] = {
    "^account/(?:confirm-)?email/": "answers 404",
    "applications:start": "the round, before there is an application",
    "assessment:home": "leads to the desk",
    **dict.fromkeys(
        (
            "portal:accessibility", "portal:contact", "portal:gallery", "portal:hello", "portal:privacy",
            "rounds:calendar", "rounds:questions", "rounds:questions_pdf", "plans:list", "plans:begin",
        ),
        "the same for everybody",
    ),
    **dict.fromkeys(
        (
            "portal:addresses", "portal:affiliation_add", "portal:affiliation_edit", "portal:affiliation_end",
            "portal:body", "portal:body_add", "portal:body_edit", "portal:body_list", "portal:organisation",
            "portal:organisation_add", "portal:organisation_edit", "portal:organisation_list", "portal:person",
            "portal:profile", "portal:seat_add", "portal:seat_confirm", "portal:seat_edit", "portal:seat_end",
        ),
        "the register: people and bodies, no applications",
    ),
    **dict.fromkeys(("portal:mail", "portal:mail_attachment", "portal:mailbox"), "a demo's mail, which has no secrets"),
    **dict.fromkeys(("demo:clock", "demo:move", "demo:progress"), "the clock of a demo"),
    **dict.fromkeys(("rounds:withdraw", "rounds:bring_back"), "a round in which nobody has begun to apply"),
    **dict.fromkeys(
        (
            "portal:organisation_end", "portal:organisation_take_back_end", "portal:body_end",
            "portal:body_take_back_end", "portal:new_address", "portal:confirm_address",
        ),
        "the register: people and bodies, no applications",
    ),
    "portal:seat_first": "the register: people and bodies, no applications",
    **dict.fromkeys(("portal:language", "set_language"), "the language of the pages"),
    **dict.fromkeys(
        (
            "plans:plan", "plans:pdf", "plans:sheet", "plans:measure",
            "plans:text", "plans:head", "plans:part", "plans:add",
        ),
        "the plan of a helsefellesskap; whose projects stand at it: tests/plans/test_projects.py",
    ),
    **dict.fromkeys(
        ("raised:case", "raised:list", "raised:raise"), "what is asked of a body: tests/raised/test_raising.py"
    ),
    **dict.fromkeys(("comments:ask", "comments:round"), "a case of its own: tests/comments/test_comments.py"),
    **dict.fromkeys(
        (
            "reporting:begin", "reporting:list", "reporting:report", "reporting:row", "reporting:file",
            "reporting:chapter",
        ),
        "a report is there when somebody has begun it: tests/reporting/test_reports.py",
    ),
    "portal:read": "repeats what the person has typed",
}  # fmt: skip


# What those who lead do in a meeting: it is read seldom, since it is refused alike at every stage.
LEADING = frozenset(
    f"meetings:{name}"
    for name in (
        "plan", "reschedule", "cancel", "add_case", "take_up_again", "take_off", "call", "secretary", "postpone_rest",
        "attachment", "add_attachment", "case_attachment", "remove_attachment", "earlier", "edit_paper",
        "raise_habilitet", "decide_habilitet", "withdraw_habilitet",
        "open_ballot", "close_ballot", "hands", "resolve", "postpone", "note", "correct",
        "write_statements",
    )
)  # fmt: skip


def room_of(route: str) -> str:
    """The room of the route, as ``world.READS`` names it."""
    return "leading" if route in LEADING else route.partition(":")[0]


def addresses(world: Any, rooms: Collection[str]) -> list[tuple[str, str]]:
    """Each route of these rooms with each of its addresses in the world as it is now."""
    made = []
    for route, values_of in GET.items():
        if room_of(route) not in rooms:
            continue
        for values in values_of(world):
            path = reverse(route, kwargs=values)
            made += [(route, path), *((route, f"{path}?{query}") for query in ASKED.get(route, ()))]
    return made


# What names the rows in the addresses of presses.
NAMES_IN_ADDRESSES = (
    (),
    ("pk",),
    ("code",),
    ("number",),
    ("code", "pk"),
    ("code", "question"),
    ("code", "stage"),
    ("code", "meeting_id"),
    ("pk", "line_pk"),
    ("pk", "list_pk"),
    ("pk", "question_pk"),
    ("code", "stage", "receiver"),
    ("code", "stage", "receiver", "task"),
    ("code", "stage", "receiver", "application"),
    ("code", "part", "pk"),
    ("code", "meeting"),
    ("code", "part", "pk", "way"),
)


def any_address(route: str) -> str:
    """An address of the route, of rows that need not be there."""
    for names in NAMES_IN_ADDRESSES:
        try:
            return reverse(route, kwargs=dict.fromkeys(names, 1))
        except NoReverseMatch:
            continue
    raise NoReverseMatch(route)


# --- the answers ------------------------------------------------------------------------------------


class Reader:
    """Reads all that one person can fetch."""

    def __init__(self, person: Any) -> None:
        self.person = person
        self.client = Client(raise_request_exception=True)
        self.client.force_login(person)

    def answers(self, world: Any, rooms: Collection[str]) -> dict[tuple[str, str], str]:
        """What each address answers, by route and address, as text; and the mail that went to the person."""
        codes = {world.closed.code: "CODE0", world.plain[0].code: "CODE1", world.plain[1].code: "CODE2"}
        names = re.compile("|".join(codes))

        def alike(text: str) -> str:
            return CHANGING.sub("", names.sub(lambda match: codes[match[0]], text))

        given = {(route, alike(path)): alike(self._read(path)) for route, path in addresses(world, rooms)}
        given = {key: LOG_NUMBER.sub("", text) if key[0] == "portal:log" else text for key, text in given.items()}
        given["mail", "mail"] = alike(self._mail())
        return given

    def _read(self, path: str) -> str:
        answer: Any = self.client.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        answer.close()
        return f"{answer.status_code} {answer.get('Location', '')} {answer.get('Content-Disposition', '')}\n" + text_of(
            content, answer.get("Content-Type", "")
        )

    def _mail(self) -> str:
        sent = Message.objects.filter(recipient=self.person.email).order_by("pk")
        return "\n".join(f"{message.title}\n{message.body_text}\n{message.body_html}" for message in sent)


def text_of(content: bytes, kind: str) -> str:
    """The words of a page, a document (as ``typed``), or all files of a ZIP."""
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(f"{name} {text_of(packed.read(name), '')}" for name in sorted(packed.namelist()))
    return content.decode(errors="replace")


def typed(html: str, *, attachments: Sequence[Attachment], at: Any) -> bytes:
    """A document as what would be drawn, and the data inside it: in place of the PDF engine, which takes its time."""
    return "\n".join([html, *(f"{part.name} {part.data.decode()}" for part in attachments)]).encode()
