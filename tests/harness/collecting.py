"""The collector of garbage rests: what was imported and collected before the first test is never looked through again.

Some four thousand tests with the modules of Django are a million things that live as long as the process. To look
through them after every few hundred new ones took a tenth of all the time of the tests.
"""

import gc

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
