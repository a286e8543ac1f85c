"""What is missing in an episode: the reports of domain, section 2 ("If missing"), for one episode."""
