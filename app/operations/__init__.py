"""FHIR operations, one a file: https://hl7.org/fhir/R4/operations.html"""
