"""When a request came in: as the proxy in front of the portal says, or now. Nothing here knows of Django.

At a deadline hundreds press «Send» in the same minute, and a request may wait for seconds before a worker takes it.
What counts is when it reached the house.
"""

import ipaddress
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

# Nobody waits longer than this for an answer; an older time is not believed.
AT_MOST = timedelta(minutes=1)
# «t=1740783598.123», as nginx and HAProxy write it: seconds, or milliseconds or microseconds without a point. «d=7.5»
# are the seconds that the proxy itself spent on reading the request before it wrote the time.
_HEADER = re.compile(
    r"(?:t=)?(?P<seconds>\d{10})(?P<parts>\d{3}|\d{6})?(?P<point>\.\d{1,6})?(?: d=(?P<spent>\d{1,3}(?:\.\d{1,6})?))?",
    re.ASCII,
)


def arrived_at(header: str, now: datetime, *, is_trusted: bool) -> datetime:
    """The time in the header; ``now`` when it is not trusted, cannot be read, is in the future or is too old."""
    time = _time_of(header) if is_trusted else None
    return time if time and now - AT_MOST <= time <= now else now


def _time_of(header: str) -> datetime | None:
    written = _HEADER.fullmatch(header.strip())
    if not written:
        return None
    parts = f"0.{written['parts']}" if written["parts"] else "0"
    fraction = float(parts) + float(written["point"] or 0) - float(written["spent"] or 0)
    return datetime.fromtimestamp(int(written["seconds"]), UTC) + timedelta(seconds=fraction)


def is_proxy(address: str, proxies: Iterable[str]) -> bool:
    """Whether the address that the request came from is one of the proxies, or in one of their networks."""
    try:
        sender = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(sender in ipaddress.ip_network(proxy) for proxy in proxies)
