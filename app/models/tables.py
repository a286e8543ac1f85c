"""All tables: importing this declares them."""

from app.models import audit, clients, record, search, service

__all__ = ["audit", "clients", "record", "search", "service"]
