"""Transactions and batches without a database: what is asked, who refers to whom, what is answered."""
