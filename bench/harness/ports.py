"""Which port is free?"""

import itertools
import random
import socket
from pathlib import Path

_EPHEMERAL_START = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
_FIRST = 10_000
# Never the same port twice in a run: connections in TIME_WAIT would make the next measurement search longer for a local port.
_candidates = itertools.count(random.randrange(_FIRST, _EPHEMERAL_START - 4_000))


def free_port() -> int:
    """A port without a listener, below the ephemeral range so that no outgoing connection takes it meanwhile."""
    for port in _candidates:
        if port >= _EPHEMERAL_START:
            break
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError(f"no free port between {_FIRST} and {_EPHEMERAL_START}")
