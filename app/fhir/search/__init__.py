"""Search without a database: what a resource is found by, and what a query asks. One file per parameter type."""
