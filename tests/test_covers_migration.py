"""«Gjelder også rad» of a database from before the rows were pointed to by their keys."""

import json
import lzma
from collections import Counter

import pytest

from tests.harness import landing
from tests.test_landings import empty_database
from tests.test_stage_migration import FILE, run

ASKED = (
    "import json; from django.db import connection; c = connection.cursor(); "
    "c.execute('SELECT application_id, position, key, covers FROM applications_benefit ORDER BY 1, 2, id'); "
    "print(json.dumps(c.fetchall()))"
)


def benefits(address):
    return json.loads(run(address, "manage.py", "shell", "-v0", "-c", ASKED).strip().splitlines()[-1])


@pytest.mark.slow
@pytest.mark.release
@pytest.mark.timeout(300)
def test_numbers_become_keys(tmp_path):
    content = landing.read(FILE)
    rows = content["rows"]["applications.benefit"]
    of = Counter(row["application_id"] for row in rows).most_common(1)[0][0]
    first, second = [row for row in rows if row["application_id"] == of][:2]
    first["covers"], second["covers"] = "2", "1-2 og 9"
    written = {(row["application_id"], row["key"]): row["covers"] for row in rows}
    file = tmp_path / "old.json.xz"
    with lzma.open(file, "wt", encoding="utf-8") as content_of_file:
        json.dump(content, content_of_file)
    with empty_database(tmp_path) as address:
        run(address, "-m", "tests.harness.landing", "bring-up", str(file))
        order: dict[int, list[str]] = {}
        now = {}
        for application, _position, key, covers in benefits(address):
            order.setdefault(application, []).append(key)
            now[application, key] = json.loads(covers) if isinstance(covers, str) else covers
        keys = order[of]
        expected = {at: [order[at[0]][0]] if text == "1" else [] for at, text in written.items()}
        assert now == {**expected, (of, first["key"]): [keys[1]], (of, second["key"]): [keys[0], keys[1]]}
