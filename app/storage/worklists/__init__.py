"""The worklists in SQL: one statement a page, which goes through an index in the order of the page."""
