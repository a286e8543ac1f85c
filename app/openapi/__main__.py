"""Writes openapi/openapi.json: python -m app.openapi"""

from app.openapi.file import FILE, content


def main() -> None:
    """Writes the document where it is kept."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(content())


if __name__ == "__main__":
    main()
