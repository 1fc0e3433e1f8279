"""A backend that sends zeros to a client, from the client's first byte on, for as long as the client takes them.

A client that begins with PING is served by a process of its own, which answers each PING with PONG.

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
    first = client.recv(len(PING))
    if first == PING:
        if os.fork() == 0:
            _answer(client)
        raise ConnectionAbortedError("served by another process")
    if not first:
        raise ConnectionResetError("the client has left")
    if first == STALLING:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
    selector.modify(client, selectors.EVENT_WRITE)


def _answer(client: socket.socket) -> None:
    client.setblocking(True)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        client.sendall(PONG)
        if not client.recv(len(PING)):
            os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
