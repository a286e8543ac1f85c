"""The OpenAPI document as it is kept in the repository: read, where making it anew takes seconds.

That it is what the code makes is the business of tests/openapi/test_document.py.
"""

import json
from typing import Any

from app.openapi.file import FILE

DOCUMENT: dict[str, Any] = json.loads(FILE.read_bytes())
