"""A made-up crisis team, its patients and their supporters: every person, number and address here is invented."""
