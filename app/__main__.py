"""`python -m app` is `kith`, also where the command is not installed."""

from app.cli import main

main()
