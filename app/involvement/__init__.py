"""Pure: how the crisis team's work with supporters is read out of a record."""
