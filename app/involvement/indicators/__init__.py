"""Pure: the indicators of how supporters are involved, from the records of one patient at a time.

Each indicator is a file that says of one episode what it counts, and why it does not; see docs/indicators.md.
"""
