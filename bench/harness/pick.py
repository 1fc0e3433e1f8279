"""What does it cost to pick a backend?"""

from harness import micro

ANNEX = micro.annex(
    "pick", "Pick", "What a pick costs, with 3, 100 and 10,000 healthy backends: bar 1 us, goal 100 ns; bar of a flip 5 ms")
