"""Search by the type of an identifier, and whole types in the order of a date.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Keys by the type of an identifier, of what is stored already. Values that are too long for a key come with the next
# version of their resource.
OF_TYPE = """
INSERT INTO search_token (resource, number, patient, parameter, system, code)
SELECT r.key, (SELECT COALESCE(max(t.number), 0) FROM search_token t WHERE t.resource = r.key)
       + row_number() OVER (PARTITION BY r.key), r.patient, r.type || '.' || p.name || '\\:of-type',
       regexp_replace(COALESCE(c ->> 'system', ''), '^https://terminology', 'http://terminology'),
       (c ->> 'code') || '|' || CASE i ->> 'system' WHEN 'https://fhir.nhs.uk/Id/nhs-number'
                                    THEN replace(i ->> 'value', ' ', '') ELSE i ->> 'value' END
FROM resource r
CROSS JOIN (VALUES ('identifier', 'identifier'), ('groupIdentifier', 'group-identifier')) AS p(element, name)
CROSS JOIN LATERAL json_array_elements(CASE json_typeof(r.content -> p.element) WHEN 'array' THEN r.content -> p.element
    WHEN 'object' THEN json_build_array(r.content -> p.element) ELSE '[]' END) AS i
CROSS JOIN LATERAL json_array_elements(COALESCE(i -> 'type' -> 'coding', '[]')) AS c
WHERE NOT r.deleted AND i ->> 'value' IS NOT NULL AND c ->> 'code' IS NOT NULL
  AND length(c ->> 'code') + length(i ->> 'value') < 200
"""


def upgrade() -> None:
    op.drop_index("search_date_low", "search_date")
    op.create_index("search_date_low", "search_date", ["parameter", "low", "resource", "high"])
    op.create_index("search_date_high", "search_date", ["parameter", "high", "resource", "low"])
    op.execute(OF_TYPE)


def downgrade() -> None:
    op.execute("DELETE FROM search_token WHERE parameter LIKE '%\\:of-type'")
    op.drop_index("search_date_high", "search_date")
    op.drop_index("search_date_low", "search_date")
    op.create_index("search_date_low", "search_date", ["parameter", "low", "high"])
