"""``make bench``: prints the table and writes var/bench.json. Wants DATABASE_URL and REDIS_URL (tests.harness)."""

import sys
from pathlib import Path

# Run as a folder, Python puts that folder first; the portal and the tests' harness are two above.
sys.path[0] = str(Path(__file__).resolve().parents[2])

from scripts.bench import run  # noqa: E402

if __name__ == "__main__":
    run.main()
