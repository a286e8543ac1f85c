"""What is masked of a record is looked at with all its people; those of whom nothing is or was masked are left alone.

They were written again each time, with every version: so two writers of different people waited for each other.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MASK = """
CREATE OR REPLACE FUNCTION kith_mask(
    types text[], ids text[], versions int[], masks json[], levels smallint[], untils timestamptz[],
    parameters text[]
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE resource_version v
    SET content = COALESCE(m.mask, v.whole, v.content),
        whole = CASE WHEN m.mask IS NULL THEN NULL ELSE COALESCE(v.whole, v.content) END,
        whole_from = m.level, masked_until = m.until
    FROM unnest(types, ids, versions, masks, levels, untils) AS m(type, id, version, mask, level, until)
    WHERE v.type = m.type AND v.id = m.id AND v.version = m.version AND v.content IS NOT NULL {changes};
    UPDATE resource r
    SET content = v.content, whole = v.whole, whole_from = v.whole_from, masked_until = v.masked_until
    FROM unnest(types, ids, versions) AS m(type, id, version)
    JOIN resource_version v ON v.type = m.type AND v.id = m.id AND v.version = m.version
    WHERE r.type = m.type AND r.id = m.id AND r.version = m.version {shows};
    UPDATE search_token k
    SET parameter = CASE WHEN r.whole IS NULL THEN ltrim(k.parameter, '-') ELSE '-' || ltrim(k.parameter, '-') END
    FROM resource r
    WHERE (r.type, r.id) IN (SELECT m.type, m.id FROM unnest(types, ids) AS m(type, id))
      AND k.resource = r.key AND ltrim(k.parameter, '-') = ANY (parameters) {found};
    UPDATE search_string k
    SET parameter = CASE WHEN r.whole IS NULL THEN ltrim(k.parameter, '-') ELSE '-' || ltrim(k.parameter, '-') END
    FROM resource r
    WHERE (r.type, r.id) IN (SELECT m.type, m.id FROM unnest(types, ids) AS m(type, id))
      AND k.resource = r.key AND ltrim(k.parameter, '-') = ANY (parameters) {found};
END $$
"""


def upgrade() -> None:
    op.execute(
        MASK.format(
            changes="AND (m.mask IS NOT NULL OR v.whole IS NOT NULL)",
            shows="AND (r.whole IS NOT NULL OR v.whole IS NOT NULL)",
            found="AND (r.whole IS NULL) = (k.parameter LIKE '-%')",
        )
    )


def downgrade() -> None:
    op.execute(MASK.format(changes="", shows="", found=""))
