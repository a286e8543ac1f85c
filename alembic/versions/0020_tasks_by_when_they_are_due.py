"""Open Tasks of a worklist are found in the order in which they are due, without looking at those that are done.

When a Task is due is the end of its time, and not the whole time until then: without a start that had begun ever ago.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CODES = {
    "owed-to-carers": "{support-information,carers-assessment,own-needs-meeting,young-carer-referral,debrief,"
    "peer-support,host-input}",
    "override-review": "{override-review}",
}
# A date may be of a day, month or year, as it is written.
DUE = """
UPDATE search_date d SET low = (extract(epoch FROM CASE length(ends.at)
        WHEN 4 THEN ends.at || '-01-01T00:00:00Z'
        WHEN 7 THEN ends.at || '-01T00:00:00Z'
        WHEN 10 THEN ends.at || 'T00:00:00Z'
        ELSE ends.at END::timestamptz) * 1000000)::bigint
FROM resource r CROSS JOIN LATERAL (
    SELECT COALESCE(r.whole, r.content) #>> '{restriction,period,end}' AS at OFFSET 0) ends
WHERE d.resource = r.key AND d.parameter = 'Task.due' AND ends.at IS NOT NULL
"""
# What has a beginning and no end is due at no time: its key covers all times after the beginning.
DUE_AT_NO_TIME = """
DELETE FROM search_date d USING resource r
WHERE d.resource = r.key AND d.parameter = 'Task.due'
  AND COALESCE(r.whole, r.content) #>> '{restriction,period,end}' IS NULL
"""
# Tasks that were stored before. 2^63 - 1: due at no time.
KEYS = """
INSERT INTO search_date (resource, number, patient, parameter, low, high)
SELECT r.key, COALESCE((SELECT max(d.number) FROM search_date d WHERE d.resource = r.key), 0) + 1, r.patient, '{name}',
       COALESCE(due.low, 9223372036854775807), COALESCE(due.high, 9223372036854775807)
FROM resource r
LEFT JOIN LATERAL (SELECT d.low, d.high FROM search_date d
                   WHERE d.resource = r.key AND d.parameter = 'Task.due' LIMIT 1) due ON true
WHERE r.type = 'Task' AND NOT r.deleted
  AND EXISTS (SELECT FROM search_token t WHERE t.resource = r.key AND t.parameter = 'Task.status'
              AND t.code IN ('requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold'))
  AND EXISTS (SELECT FROM search_token t WHERE t.resource = r.key AND t.parameter = 'Task.code'
              AND t.system = 'https://fhir.kith.example/CodeSystem/task-code' AND t.code = ANY('{codes}'))
"""


def upgrade() -> None:
    op.execute(DUE_AT_NO_TIME)
    op.execute(DUE)
    for name, codes in CODES.items():
        op.execute(KEYS.format(name=name, codes=codes))


def downgrade() -> None:
    op.execute("DELETE FROM search_date WHERE parameter IN ('owed-to-carers', 'override-review')")
