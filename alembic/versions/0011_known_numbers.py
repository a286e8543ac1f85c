"""A reference by an NHS number that nobody had leads to the Patient who gets it.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX = "search_reference_unknown"
UNKNOWN = "target_type = 'Patient' AND target_id = '' AND system = 'https://fhir.nhs.uk/Id/nhs-number'"

# Whatever its label, and in the records of the Patient's own organisation: others have a Patient of their own.
KNOWN = """
CREATE FUNCTION kith_known() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE search_reference k SET target_id = NEW.patient FROM resource r
    WHERE k.target_type = 'Patient' AND k.target_id = '' AND k.value = NEW.number
      AND k.system = 'https://fhir.nhs.uk/Id/nhs-number'
      AND r.key = k.resource AND r.organisation = NEW.organisation;
    UPDATE search_reference k SET target_id = NEW.patient FROM resource r
    WHERE k.target_type = 'Patient' AND k.target_id = NEW.number
      AND r.key = k.resource AND r.organisation = NEW.organisation;
    RETURN NULL;
END $$
"""
# Those who got their number after they were referred to by it.
CAUGHT_UP = """
UPDATE search_reference k SET target_id = n.patient FROM resource r, nhs_number n
WHERE k.target_type = 'Patient' AND r.key = k.resource AND r.organisation = n.organisation
  AND (k.target_id = n.number
       OR (k.target_id = '' AND k.system = 'https://fhir.nhs.uk/Id/nhs-number' AND k.value = n.number))
"""


def upgrade() -> None:
    op.create_index(INDEX, "search_reference", ["value"], unique=False, postgresql_where=sa.text(UNKNOWN))
    op.execute(KNOWN)
    op.execute("REVOKE EXECUTE ON FUNCTION kith_known() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION kith_known() TO kith_app")
    op.execute("CREATE TRIGGER known AFTER INSERT ON nhs_number FOR EACH ROW EXECUTE FUNCTION kith_known()")
    op.execute(CAUGHT_UP)


def downgrade() -> None:
    op.execute("DROP TRIGGER known ON nhs_number")
    op.execute("DROP FUNCTION kith_known()")
    op.drop_index(INDEX, table_name="search_reference", postgresql_where=sa.text(UNKNOWN))
