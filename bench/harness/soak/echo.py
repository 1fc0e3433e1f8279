"""A client of the echo backends; every wait is bounded."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator

ANSWER_SECONDS = 10


class WrongAnswer(Exception):
    """The echo is not what was sent: bytes were lost, added or changed on the way."""


class Echo:
    """One connection through the balancer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, port: int) -> AsyncIterator["Echo"]:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield cls(reader, writer)
        finally:
            writer.close()

    async def greeting(self) -> str:
        """The backend's name, the first byte it sends."""
        return (await self._read(1)).decode()

    async def exchange(self, data: bytes) -> None:
        self._writer.write(data)
        await self.expect(data)

    async def expect(self, data: bytes) -> None:
        if await self._read(len(data)) != data:
            raise WrongAnswer(f"{len(data)} bytes came back changed")

    async def expect_end(self) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            if await self._reader.read(1):
                raise WrongAnswer("a byte came after the end")

    async def stay_idle(self, seconds: float) -> None:
        """Waits without sending, and notices at once when the connection ends meanwhile."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._reader.readexactly(1)
                raise WrongAnswer("an unexpected byte arrived")

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    def finish_sending(self) -> None:
        self._writer.write_eof()

    def reset(self) -> None:
        """Closes with RST instead of FIN; see SO_LINGER in socket(7)."""
        connection = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def _read(self, count: int) -> bytes:
        # Not wait_for: up to Python 3.11 it can swallow a cancellation (python/cpython#86296).
        async with asyncio.timeout(ANSWER_SECONDS):
            return await self._reader.readexactly(count)
