"""The folder broker hands over whole messages."""

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
