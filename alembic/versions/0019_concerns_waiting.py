"""Concerns that wait for an answer are found without looking at each that there ever was.

A concern has the search key `waiting`, and what answers it the key `answers` with its reference as the code. An answer
that everybody sees who sees the concern marks that key as answered; when it is withdrawn, the concern waits again.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# A mark is only ever made by an answer that stands, and taken away with whichever answer goes: one too few costs time.
# Whoever stores the answer need not see the concern.
ANSWERED = """
CREATE FUNCTION kith_answered() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE search_token w SET code = 'answered' FROM resource a, resource c
    WHERE a.key = NEW.resource AND c.type = 'Communication' AND c.id = split_part(NEW.code, '/', 2)
      AND a.organisation = c.organisation AND a.level <= c.level
      AND w.resource = c.key AND w.parameter = 'waiting';
    RETURN NULL;
END $$
"""
WITHDRAWN = """
CREATE FUNCTION kith_unanswered() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE search_token w SET code = 'waiting' FROM resource c
    WHERE c.type = 'Communication' AND c.id = split_part(OLD.code, '/', 2)
      AND w.resource = c.key AND w.parameter = 'waiting';
    RETURN NULL;
END $$
"""
# An answer that is hidden from some who see the concern is none for them.
HIDDEN = """
CREATE FUNCTION kith_hidden_answer() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE search_token w SET code = 'waiting' FROM search_token a, resource c
    WHERE a.resource = NEW.key AND a.parameter = 'answers'
      AND c.type = 'Communication' AND c.id = split_part(a.code, '/', 2) AND c.level < NEW.level
      AND w.resource = c.key AND w.parameter = 'waiting';
    RETURN NULL;
END $$
"""
TRIGGERS = {
    "answered": ("search_token", "AFTER INSERT", "NEW.parameter = 'answers'", "kith_answered"),
    "unanswered": ("search_token", "AFTER DELETE", "OLD.parameter = 'answers'", "kith_unanswered"),
    "hidden_answer": (
        "resource",
        "AFTER UPDATE OF level",
        "NEW.level > OLD.level AND NEW.type IN ('Communication', 'Task')",
        "kith_hidden_answer",
    ),
}

# What was stored before: concerns of supporters, and what refers to them.
WAITING = """
INSERT INTO search_token (resource, number, patient, parameter, system, code)
SELECT c.key, (SELECT max(t.number) + 1 FROM search_token t WHERE t.resource = c.key), c.patient,
       'waiting', '', 'waiting'
FROM search_token k JOIN resource c ON c.key = k.resource AND NOT c.deleted
WHERE k.parameter = 'Communication.category' AND k.code = 'concern'
  AND k.system = 'https://fhir.kith.example/CodeSystem/communication-category'
  AND EXISTS (SELECT FROM search_reference s WHERE s.resource = c.key AND s.parameter = 'Communication.sender'
              AND s.target_type = 'RelatedPerson')
  AND NOT EXISTS (SELECT FROM search_token s WHERE s.resource = c.key AND s.parameter = 'Communication.status'
                  AND s.code = 'entered-in-error')
  AND COALESCE(c.whole, c.content)::text NOT LIKE '%/StructureDefinition/knowledge-used"%'
"""
ANSWERS = """
INSERT INTO search_token (resource, number, patient, parameter, system, code)
SELECT a.key,
       (SELECT max(t.number) FROM search_token t WHERE t.resource = a.key) + row_number() OVER (PARTITION BY a.key),
       a.patient, 'answers', '', a.concern
FROM (
    SELECT DISTINCT a.key, a.type, a.patient, 'Communication/' || c.id AS concern,
           COALESCE(a.whole, a.content)::jsonb AS content
    FROM search_token w JOIN resource c ON c.key = w.resource
    JOIN search_reference k ON k.target_type = 'Communication' AND k.target_id = c.id
    JOIN resource a ON a.key = k.resource AND NOT a.deleted AND a.type IN ('Communication', 'Task')
    WHERE w.parameter = 'waiting'
) a
WHERE a.content ->> 'status' = 'completed'
  AND COALESCE(a.content #>> '{sender,reference}', '') !~ '(^|/)(RelatedPerson|Patient)/'
  AND COALESCE(a.content -> 'statusReason', '{}')::text NOT LIKE '%"message-left"%'
  AND EXISTS (
      SELECT FROM jsonb_array_elements(CASE a.type
          WHEN 'Task' THEN jsonb_build_array(a.content -> 'focus', a.content -> 'reasonReference')
          ELSE COALESCE(a.content -> 'inResponseTo', '[]') || COALESCE(a.content -> 'partOf', '[]') END) r(element)
      WHERE '/' || split_part(r.element ->> 'reference', '/_history/', 1) LIKE '%/' || a.concern)
"""


def upgrade() -> None:
    for function in (ANSWERED, WITHDRAWN, HIDDEN):
        op.execute(function)
    for name, (table, event, when, function) in TRIGGERS.items():
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function}() FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function}() TO kith_app")
        op.execute(f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {function}()")
    op.execute(WAITING)
    op.execute(ANSWERS)


def downgrade() -> None:
    for name, (table, _, _, function) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DELETE FROM search_token WHERE parameter IN ('waiting', 'answers')")
