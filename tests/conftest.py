"""Fixtures for every test; the real counterparts live in tests/harness and start when first asked for."""

pytest_plugins = [
    "tests.harness.fixtures",
    "tests.harness.browser",
    "tests.persons",
]
