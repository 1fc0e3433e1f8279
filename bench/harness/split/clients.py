"""Which server does each client reach?"""

import contextlib
import socket
import time
from collections import Counter

CLIENTS = 600
SOURCES = 200  # addresses of 127.0.1.0/24 that the clients connect from
ANSWER_SECONDS = 5
LEAVE_SECONDS = 0.003  # until the balancer has seen the end of a connection


def servers_reached(listen_port: int, clients_stay: bool) -> Counter[int]:
    """Connects the clients one after the other and returns the number of clients by server port."""
    reached: Counter[int] = Counter()
    with contextlib.ExitStack() as staying:
        for number in range(CLIENTS):
            source = (f"127.0.1.{number % SOURCES + 1}", 0)
            client = socket.create_connection(("127.0.0.1", listen_port), ANSWER_SECONDS, source)
            reached[_port_of_server(client)] += 1
            if clients_stay:
                staying.enter_context(client)
            else:
                client.close()
                time.sleep(LEAVE_SECONDS)
    return reached


def _port_of_server(client: socket.socket) -> int:
    """Asks redis for its port: the answer is an array of two bulk strings, five lines in all."""
    client.sendall(b"CONFIG GET port\r\n")
    answer = b""
    while answer.count(b"\r\n") < 5:
        received = client.recv(1024)
        if not received:
            raise ConnectionError("the connection ended before redis answered")
        answer += received
    return int(answer.split(b"\r\n")[4])
