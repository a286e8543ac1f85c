"""Kith: who supports a patient in crisis, what the patient agreed to share, and what each does in the plan."""

__version__ = "0.1.0"
RELEASED = "2026-11-22"
