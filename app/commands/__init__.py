"""The groups of commands of `kith`, one a file; what they do is imported when they are called: help is quick."""
