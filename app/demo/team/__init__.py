"""Twelve weeks of the made-up team: who came, whom they had around them, and what was done with those."""
