"""The canonical base of everything the product defines itself: code systems, extensions, operations."""

BASE = "https://fhir.kith.example"
