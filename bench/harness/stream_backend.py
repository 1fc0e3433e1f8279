"""A backend that sends zeros to a client, from the client's first byte on, for as long as the client takes them.

A client that begins with PING is served by a process of its own, which answers each PING with PONG. So is one that begins with "u" and a
number of eight bytes: that many bytes are read from it, and one is sent.

Usage: stream_backend.py PORT
"""

import os
import selectors
import signal
import socket
import sys

CHUNK = bytes(256 * 1024)
STALLING = b"s"  # a client that begins with it is not going to read: it gets a small send buffer
SMALL_BUFFER = 32 * 1024
UPLOAD = b"u"
PING = b"PING\r\n"
PONG = b"+PONG\r\n"


def main(port: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    selector = selectors.EpollSelector()
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            client = key.fileobj
            try:
                if client is listener:
                    client, _ = listener.accept()
                    client.setblocking(False)
                    selector.register(client, selectors.EVENT_READ)
                elif events & selectors.EVENT_READ:
                    _begin(selector, client)
                else:
                    client.send(CHUNK)
            except OSError:
                selector.unregister(client)
                client.close()


def _begin(selector: selectors.BaseSelector, client: socket.socket) -> None:
    first = client.recv(len(PING), socket.MSG_PEEK)
    if first == PING or first.startswith(UPLOAD):
        if os.fork() == 0:
            _answer(client) if first == PING else _swallow(client)
        raise ConnectionAbortedError("served by another process")
    client.recv(len(first) or 1)
    if not first:
        raise ConnectionResetError("the client has left")
    if first == STALLING:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
    selector.modify(client, selectors.EVENT_WRITE)


def _swallow(client: socket.socket) -> None:
    client.setblocking(True)
    left = int.from_bytes(client.recv(9, socket.MSG_WAITALL)[1:])
    buffer = bytearray(len(CHUNK))
    while left > 0 and (count := client.recv_into(buffer)):
        left -= count
    client.sendall(b".")
    os._exit(0)


def _answer(client: socket.socket) -> None:
    client.setblocking(True)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while client.recv(len(PING)):
        client.sendall(PONG)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
