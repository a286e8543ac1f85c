"""What figures are kept by, and keeping them: a report that cannot keep them is told all the same."""

import logging
from dataclasses import asdict
from functools import cache
from hashlib import blake2b
from pathlib import Path

import orjson

import app
from app.record.context import Context
from app.sharing.times import moment
from app.storage import kept_figures
from app.storage.kept_figures import Basis, Figures

log = logging.getLogger("kith")


def basis(context: Context) -> Basis:
    """What the figures that a caller is told now are made by, beside the rows."""
    policy, local = asdict(context.policy.sharing), asdict(context.policy.local)
    settings = orjson.dumps([context.bases, policy, local], default=sorted)
    audience = orjson.dumps(context.visibility.settings)
    return Basis(
        audience=blake2b(audience, digest_size=16).hexdigest(),
        made_by=blake2b(settings, key=_program(), digest_size=32).digest(),
        now=moment(context.rules.now),
    )


async def keep(context: Context, basis: Basis, figures: list[Figures]) -> bool:
    """Keeps what was worked out; false, with a line in the log, where that cannot be."""
    if not figures:
        return True
    try:
        async with context.connection() as connection:
            await kept_figures.keep(connection, basis, figures)
    except Exception:
        log.warning("figures could not be kept, and are worked out again the next time", exc_info=True)
        return False
    return True


@cache
def _program() -> bytes:
    """A digest of this program: whatever is changed in it, nothing is used that it made before."""
    digest = blake2b(digest_size=32)
    folder = Path(app.__file__).parent
    for file in sorted(folder.rglob("*.py")):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder)} {len(content)}\n".encode())
        digest.update(content)
    return digest.digest()
