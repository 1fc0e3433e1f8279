"""A backend: says its name in one byte, then echoes until the client has finished sending.

Usage: echo_backend.py PORT NAME
"""

import asyncio
import contextlib
import sys


async def main(port: int, name: bytes) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):  # resets are part of the load
            writer.write(name)
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), sys.argv[2].encode()))
