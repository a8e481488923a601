"""``make pictures [FOLDER=before] [STATE=usual]``: wants DATABASE_URL and REDIS_URL (tests.harness.with_servers)."""

import argparse
import os
import sys
from pathlib import Path

# Run as a folder, Python puts that folder first; the portal and the tests' harness are two above.
sys.path[0] = str(Path(__file__).resolve().parents[2])
os.environ.update(PORTAL_ENV="demo", DJANGO_SETTINGS_MODULE="portal.settings")

from scripts.pictures import album, camera  # noqa: E402
from scripts.pictures.plan import STATES  # noqa: E402


def main() -> None:
    """Take the pictures of each state into a folder of that name, and write the album."""
    words = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    words.add_argument("--name", default="now", help="the folder under var/pictures/: «now», or «before» a change")
    words.add_argument("--state", choices=STATES, action="append", help="only this state")
    words.add_argument("--page", help="only pages whose name has this in it, as «assessment:»")
    asked = words.parse_args()
    for state in asked.state or STATES:
        taken = camera.take(state, album.FOLDER / asked.name, only=asked.page or "")
        print(f"{state}: {taken} pictures", flush=True)
    print(f"Look at {album.write()}")


if __name__ == "__main__":
    main()
