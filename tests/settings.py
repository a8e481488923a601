"""The portal's settings for tests: everything it writes goes to a folder that is removed afterwards."""

import atexit
import os
import shutil
import tempfile

os.environ["PORTAL_ENV"] = "test"
os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, os.environ["PORTAL_VAR"], ignore_errors=True)

from portal.settings import *  # noqa: E402, F403 - it reads the environment when imported
from portal.settings import DATABASES, STATIC_ROOT  # noqa: E402

os.makedirs(STATIC_ROOT, exist_ok=True)  # noqa: PTH103 - one line for a folder that whitenoise wants

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The test database need not survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:
    # The live server gives a connection back with each answer: none may be left when the database is dropped.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # With a test's few rows any plan is quick, and to weigh them all takes longer than to read the rows.
    DATABASES["default"]["OPTIONS"]["options"] = " ".join(
        f"-c {name}={value}"
        for name, value in (
            ("join_collapse_limit", 1),
            ("from_collapse_limit", 1),
            ("plan_cache_mode", "force_generic_plan"),
            # As in portal/settings.py: the rows of rolled back tests make each statement look dear enough for it.
            ("jit", "off"),
        )
    )
# Each test client would otherwise read every static file anew; now they are looked up when asked for.
WHITENOISE_AUTOREFRESH = True
