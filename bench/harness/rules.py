"""What do access rules cost by themselves: a look-up, and the parts of a reload?"""

from harness import micro

ANNEX = micro.annex("rules", "Rules", "What a look-up in 10, 1,000 and 100,000 access rules costs: bar 1 us; bar of a reload 200 ms")
