"""The OpenAPI 3.1 document, written from the resource definitions: https://spec.openapis.org/oas/v3.1.0.html"""
