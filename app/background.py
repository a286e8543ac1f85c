"""What a worker does beside answering: it seals the audit trail, makes the tasks that the rules demand, and works
figures out before they are asked for.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app.config import Settings
from app.fhir.base import addresses
from app.operations.apply_rules import Rules
from app.operations.figures_ahead import LONGEST, Ahead
from app.operations.tasks_missing import Wanted
from app.record.context import Context
from app.repeating import Repeating
from app.routers.surroundings import Service
from app.security import seal_key
from app.security.caller import Caller
from app.storage.sealing import Sealing


def background(settings: Settings, life: Service) -> list[Repeating]:
    """What these settings want to be done."""
    found: list[Repeating] = []
    if settings.seal_seconds:
        key = seal_key.from_file(settings.seal_key, make=settings.environment != "production")
        sealing = Sealing(life.database, key)
        found.append(Repeating(sealing.once, seconds=settings.seal_seconds, name="kith.seal"))
    if settings.rules_seconds:
        found.append(Repeating(rules(settings, life).once, seconds=settings.rules_seconds, name="kith.rules"))
    if settings.figures_seconds and settings.figures_days:
        found.append(Repeating(ahead(settings, life).once, seconds=settings.figures_seconds, name="kith.figures"))
    return found


def rules(settings: Settings, life: Service) -> Rules:
    """The rules that these settings want."""
    return Rules(_now(settings, life), Wanted(settings.wanted_rules, settings.concern_hours))


def ahead(settings: Settings, life: Service, longest: timedelta = LONGEST) -> Ahead:
    """Figures worked out ahead, by these settings, of what changed in the `longest` time."""
    return Ahead(_now(settings, life), for_everybody=settings.authentication == "off", longest=longest)


def _now(settings: Settings, life: Service) -> Callable[[], Context]:
    """The surroundings of what is done beside answering, at each time."""
    bases = addresses(settings.roots)

    def now() -> Context:
        return Context(
            database=life.database,
            audit=life.audit,
            caller=Caller(request_id=str(uuid4())),
            rules=life.rules(datetime.now(UTC)),
            policy=life.policy,
            base_url=bases[0],
            bases=bases,
            cursor_secret=life.cursor_secret,
            audit_commit=life.audit_commit,
        )

    return now
