"""The sharing decision: may I tell this person this, now, and if not, what may I still do? Pure: see decide()."""
