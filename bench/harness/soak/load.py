"""Runs all clients, and tells an error that a killed backend explains from one that should not exist."""

import asyncio
import time
from collections import Counter

from harness.soak.backends import Backends
from harness.soak.echo import Echo, WrongAnswer
from harness.soak.lives import KINDS, Kind

ERRORS_KEPT = 20


class Load:
    def __init__(self, port: int, backends: Backends) -> None:
        self.completed: Counter[str] = Counter()
        self.cut_by_kill: Counter[str] = Counter()
        self.unexpected = 0
        self.errors: list[str] = []  # the first of the unexpected ones
        self._port = port
        self._backends = backends

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as clients:
            for kind in KINDS:
                for _ in range(kind.clients):
                    clients.create_task(self._client(kind))

    async def _client(self, kind: Kind) -> None:
        while True:
            await self._live(kind)
            await asyncio.sleep(kind.rest_seconds)

    async def _live(self, kind: Kind) -> None:
        name = kind.life.__name__
        start = time.monotonic()
        backend = None
        try:
            async with Echo.connect(self._port) as echo:
                backend = await echo.greeting()
                await kind.life(echo)
            self.completed[name] += 1
        except (OSError, asyncio.IncompleteReadError) as error:
            # A connection that was alive when its backend was killed must break; no other may.
            if self._backends.killed_between(start, time.monotonic(), backend):
                self.cut_by_kill[name] += 1
            else:
                self._unexpected(name, start, backend, error)
        except WrongAnswer as error:
            self._unexpected(name, start, backend, error)

    def _unexpected(self, name: str, start: float, backend: str | None, error: Exception) -> None:
        self.unexpected += 1
        if len(self.errors) < ERRORS_KEPT:
            lived = time.monotonic() - start
            self.errors.append(f"{name}, backend {backend or 'not reached'}, after {lived:.3f} s: {type(error).__name__}: {error}")
