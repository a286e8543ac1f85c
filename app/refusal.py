"""Why Kith does not start: said in one line, without a traceback."""


class Refusal(Exception):
    """Something outside the program stands in the way; str() says what, and what to do about it."""
