"""What is checked of one resource type beyond FHIR's own structure: one file per type, used by its definition."""
