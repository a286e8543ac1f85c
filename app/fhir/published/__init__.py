"""What the product defines, as FHIR resources that anybody can read: codes, extensions, profiles, operations.

https://hl7.org/fhir/R4/terminology-module.html, https://hl7.org/fhir/R4/conformance-module.html
"""
