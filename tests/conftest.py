"""Fixtures for every test; the real counterparts live in tests/harness and start when first asked for."""

from hypothesis import settings

pytest_plugins = [
    "tests.harness.fixtures",
    "tests.harness.emptying",
    "tests.harness.worlds",
    "tests.harness.budget",
    "tests.harness.order",
    "tests.harness.collecting",
    "tests.harness.marks",
    "tests.harness.locks",
    "tests.harness.whole_mails",
    "tests.harness.signing_in",
    "tests.harness.browser",
    "tests.persons",
]

# A busy machine is no fault of the code; how long things take is measured by `make bench`.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")
