"""What does a client do with its connection? Each function is one connection's life after the greeting."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from harness.soak.echo import Echo

MESSAGE = os.urandom(64)
CHUNK = os.urandom(65_536)


async def short(echo: Echo) -> None:
    await echo.exchange(MESSAGE)


async def bulk(echo: Echo) -> None:
    for _ in range(128):
        await echo.exchange(CHUNK)


async def half_closed(echo: Echo) -> None:
    echo.send(CHUNK * 8)
    echo.finish_sending()
    await asyncio.sleep(0.5)  # the answer waits for a client that has finished and does not read
    await echo.expect(CHUNK * 8)
    await echo.expect_end()


async def reset(echo: Echo) -> None:
    await echo.exchange(MESSAGE)
    if random.random() < 0.5:
        echo.send(CHUNK)  # half of the resets meet bytes on the way
    echo.reset()


async def idle(echo: Echo) -> None:
    await echo.exchange(MESSAGE)
    await echo.stay_idle(random.uniform(1, 30))
    await echo.exchange(MESSAGE)


@dataclass(frozen=True)
class Kind:
    """A life, how many clients live it at a time, and how long each rests between two connections."""

    life: Callable[[Echo], Awaitable[None]]
    clients: int
    rest_seconds: float


KINDS = (
    Kind(short, clients=10, rest_seconds=0.1),
    Kind(bulk, clients=2, rest_seconds=0.5),
    Kind(half_closed, clients=5, rest_seconds=0.1),
    Kind(reset, clients=3, rest_seconds=0.1),
    Kind(idle, clients=300, rest_seconds=1),
)
