"""What a write does to the protection of a patient, judged with the rest of the record: one file for each type."""
