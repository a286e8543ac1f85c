"""What figures are kept by, and keeping them: a report that cannot keep them is told all the same."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Final

import orjson

import app
from app.record.context import Context
from app.sharing.times import moment
from app.storage import figures_ahead, kept_figures
from app.storage.kept_figures import Basis, Figures
from app.storage.pool import Connection

log = logging.getLogger("kith")


def _program() -> bytes:
    """A digest of this program: whatever is changed in it, nothing is used that it made before."""
    digest = blake2b(digest_size=32)
    folder = Path(app.__file__).parent
    for file in sorted(folder.rglob("*.py")):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder)} {len(content)}\n".encode())
        digest.update(content)
    return digest.digest()


# As it is when it is loaded: by the first report the files may be those of the next release, and what runs is not.
_PROGRAM: Final = _program()


def basis(context: Context, *, listed: bool) -> Basis | None:
    """What the figures that a caller is told now are made by, beside the rows; None where none are to be kept.

    A list tells on what each figure rests, which is not kept.
    """
    if listed or not context.policy.figures_days:
        return None
    policy, local = asdict(context.policy.sharing), asdict(context.policy.local)
    settings = orjson.dumps([policy, local], default=sorted)
    made_by = blake2b(settings, key=_PROGRAM, digest_size=32).digest()
    return Basis(made_by, moment(context.rules.now), context.bases)


async def asked(context: Context) -> None:
    """Notes that there are such callers who want reports, so that their next ones find what changed worked out."""
    await _tried(context, lambda connection: figures_ahead.asked(connection, context.visibility, context.rules.now))


async def keep(context: Context, basis: Basis, figures: list[Figures]) -> bool:
    """Keeps what was worked out, and lets go of what is too old; false where that cannot be.

    Then the rest of the report is not kept either, which would wait for the same each time.
    """
    days = context.policy.figures_days
    return await _tried(context, lambda connection: kept_figures.keep(connection, basis, figures, days))


async def _tried(context: Context, work: Callable[[Connection], Awaitable[None]]) -> bool:
    """Whether it could be done; if not, the log says so, and nobody's report waits for it."""
    try:
        async with context.connection() as connection:
            await work(connection)
    except Exception:
        log.warning("figures could not be kept, and are worked out again the next time", exc_info=True)
        return False
    return True
