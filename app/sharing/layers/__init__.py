"""The layers of a decision, one file each, named as in the table of the sharing decision, section 3."""
