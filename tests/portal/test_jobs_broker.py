"""The folder broker hands over whole messages."""

import pytest
from celery import Celery
from kombu import Connection

from portal.jobs.broker import Transport


class Looker:
    """Looks into the folder in the middle of being written there."""

    def __init__(self, folder):
        self.folder = folder
        self.seen = None

    def __json__(self):
        self.seen = [path.name for path in self.folder.glob("*.msg")]
        return "looked"


def connect(folder):
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    return Connection("filesystem://localhost//", transport_options=options)


def test_folder_broker_is_ours(tmp_path):
    with connect(tmp_path) as connection:
        assert type(connection.transport) is Transport


def test_message_is_not_seen_before_it_is_whole(tmp_path):
    looker = Looker(tmp_path)
    with connect(tmp_path) as connection:
        channel = connection.channel()
        channel._put("jobs", {"body": looker})
        assert (looker.seen, channel._get("jobs")) == ([], {"body": "looked"})


@pytest.mark.fault("D8")
def test_d8_a_day_of_ticks_without_a_worker_is_one_message_for_each_task(tmp_path):
    app = Celery("without-worker", broker="filesystem://localhost//", set_as_current=False)
    app.conf.broker_transport_options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    with app.connection_for_write() as connection, app.amqp.Producer(connection) as producer:
        for _ring in range(500):
            for task in ("jobs.tick", "reminders.remind"):
                app.send_task(task, producer=producer, expires=30.0)
        for number in range(2):
            app.send_task("jobs.run", args=(number,), producer=producer)
        names = sorted(path.name for path in tmp_path.glob("*.msg"))
        assert [name.rsplit("_", 2)[0] for name in names[2:]] == ["tick_jobs-tick", "tick_reminders-remind"]
        assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".new") == []
        channel = connection.channel()
        taken = [channel._get("celery")["headers"]["task"] for _message in names]
    assert taken == ["jobs.run", "jobs.run", "jobs.tick", "reminders.remind"]
