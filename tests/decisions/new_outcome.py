"""A process of its own in which the table of outcomes has one more row: from the decision to the accepted award.

Reads the table (`rounds/outcomes.py`) from standard input, prints what the portal made of the row as JSON.
"""

import json
import sys
import types

CODE = "reserved"


def put_in_place(table):
    """The table as the module that everything imports."""
    module = types.ModuleType("rounds.outcomes")
    sys.modules["rounds.outcomes"] = module
    exec(compile(table, "rounds/outcomes.py", "exec"), vars(module))


def database():
    import django  # noqa: PLC0415 - the table goes first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    setup_test_environment()

    # The tables straight from the models, so that the database's own check knows the row.
    settings.MIGRATION_MODULES = dict.fromkeys((name.split(".")[-1] for name in settings.INSTALLED_APPS), None)
    call_command("migrate", run_syncdb=True, verbosity=0)


def with_the_outcome(factories):
    """A real round that uses the outcome and has a letter for it."""
    data = factories.definition("troms-ofoten-2024").to_data()
    data["decision"]["outcomes"] = [*data["decision"]["outcomes"], CODE]
    letter = {"kind": CODE, "heading": "Forbehold for {project}", "introduction": "Dere får det med forbehold."}
    data["letters"]["texts"] = [*data["letters"]["texts"], letter]
    return data


def walk():
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from applications.models import Application  # noqa: PLC0415
    from evaluation.decisions.models import Decision  # noqa: PLC0415
    from evaluation.decisions.services import letters  # noqa: PLC0415
    from evaluation.decisions.services.deciding import decide_from_minutes  # noqa: PLC0415
    from portal.journal import sentences  # noqa: PLC0415
    from portal.journal.queries import entries_of  # noqa: PLC0415
    from rounds.definition import RoundDefinition  # noqa: PLC0415
    from tests import factories, world  # noqa: PLC0415
    from tests.decisions import world as decisions  # noqa: PLC0415
    from tests.followup.world import accepted  # noqa: PLC0415

    spec = RoundDefinition.model_validate(with_the_outcome(factories))
    factories.definition = lambda _name: spec
    house = world.house()
    adopted = decisions.adopted(house, [(CODE, 400_000)])
    (decision,) = decide_from_minutes(adopted.meeting, by=house.secretary, at=world.NOW)
    before = Application.objects.get()
    letter = letters.prepare(decision, by=house.secretary, at=world.NOW)
    decisions.approve(letter, by=house.hospital_secretary)
    letters.send(letter, by=house.secretary, at=world.NOW)
    after = Application.objects.get()
    client = Client()
    client.force_login(house.applicant)
    page = client.get(reverse("applications:sent", args=[after.code])).content.decode()
    log = [sentences.sentence(entry) for entry in entries_of(after)]
    overview = client.get(reverse("applications:list")).content.decode()
    accepted(house, Decision.objects.get(), adjustment="Ett år kortere.")
    return {
        "status": [before.status, after.status, after.get_status_display()],
        "known": [before.known_status, after.known_status],
        "letter": [letter.kind, letter.snapshot["heading"], letter.snapshot["amounts"]["granted"]],
        "told": "Dere får pengene når forbeholdet er løst." in page,
        "tag": 'data-tone="success">Innvilget med forbehold<' in overview,
        "logged": "Søknaden ble innvilget med forbehold." in log,
        "accepted": Application.objects.get().status,
    }


if __name__ == "__main__":
    put_in_place(sys.stdin.read())
    database()
    sys.stdout.write(json.dumps(walk()))
