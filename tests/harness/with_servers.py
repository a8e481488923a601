"""Run a command with a throw-away PostgreSQL and Redis: python -m tests.harness.with_servers pytest tests."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack

from tests.harness import servers


def main(command: list[str]) -> int:
    # Ctrl-C goes to the command too; we stay to clean up after it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with ExitStack() as stack:
        try:
            os.environ["DATABASE_URL"] = stack.enter_context(servers.postgres())
            os.environ["REDIS_URL"] = stack.enter_context(servers.redis())
        except servers.MissingError as missing:
            sys.stderr.write(f"{missing}\n")
            return 69  # EX_UNAVAILABLE: scripts/test reports it as skipped
        return subprocess.run(
            command, check=False, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
