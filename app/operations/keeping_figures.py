"""What figures are kept by, and keeping them: a report that cannot keep them is told all the same."""

import asyncio
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


async def basis(context: Context, *, listed: bool) -> Basis | None:
    """What the figures that a caller is told now are made by, beside the rows; None where none are to be kept.

    A list tells on what each figure rests, which is not kept.
    """
    if listed or not context.policy.figures_days:
        return None
    program = await asyncio.to_thread(_program)
    policy, local = asdict(context.policy.sharing), asdict(context.policy.local)
    settings = orjson.dumps([context.bases, policy, local], default=sorted)
    return Basis(
        audience=blake2b(orjson.dumps(context.visibility.settings), digest_size=16).hexdigest(),
        made_by=blake2b(settings, key=program, digest_size=32).digest(),
        now=moment(context.rules.now),
    )


async def keep(context: Context, basis: Basis, figures: list[Figures]) -> None:
    """Keeps what was worked out, and lets go of what is too old; a line in the log where that cannot be."""
    try:
        async with context.connection() as connection:
            await kept_figures.keep(connection, basis, figures, context.policy.figures_days)
    except Exception:
        log.warning("figures could not be kept, and are worked out again the next time", exc_info=True)


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
