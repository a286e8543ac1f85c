"""Kith against the limit: the same business SQL without audit and validation, on the same database, in the same run."""
