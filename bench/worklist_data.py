"""Rows for `bench.worklists`: what worklists look at. The teams have as many patients now, however many they had."""

import asyncpg

TEAMS = 2
# How many patients are with the teams now: the last that came. All others are history.
CASELOAD = 200
# Ten resources for each patient.
KINDS = (
    ("Patient", "p", 1), ("EpisodeOfCare", "e", 1), ("RelatedPerson", "r", 2), ("Consent", "c", 1),
    ("Communication", "m", 2), ("CarePlan", "l", 1), ("Appointment", "a", 1), ("Task", "t", 1),
)  # fmt: skip
RESOURCES = """
INSERT INTO resource (type, id, patient, organisation, version, updated, content)
SELECT '{type}', '{letter}' || g || CASE WHEN {each} > 1 THEN '-' || n ELSE '' END, 'p' || g, 'RX1', 1,
       timestamptz '2020-01-01' + g * interval '1 minute',
       json_build_object('resourceType', '{type}', 'text', repeat('x', 500))
FROM generate_series(1, {patients}) g, generate_series(1, {each}) n
"""
_OWN = "https://fhir.kith.example/CodeSystem"
# g is the number of the patient; `now` is with a team now, and of one in five of these everything is `due`.
KEYS = f"""
CREATE TEMP VIEW numbered AS
SELECT *, now AND g % 5 = 0 AS due FROM (
    SELECT key, type, id, patient, substr(patient, 2)::int AS g,
           substr(patient, 2)::int > {{patients}} - {CASELOAD} AS now FROM resource
) one;
INSERT INTO search_token (resource, number, patient, parameter, system, code)
SELECT key, 1, patient, 'EpisodeOfCare.status', '', CASE WHEN now THEN 'active' ELSE 'finished' END
  FROM numbered WHERE type = 'EpisodeOfCare'
UNION ALL SELECT key, 1, patient, 'RelatedPerson.relationship', '{_OWN}/carer-role', 'main-carer'
  FROM numbered WHERE type = 'RelatedPerson'
UNION ALL SELECT key, 1, patient, 'Consent.status', '', CASE WHEN g % 3 = 0 THEN 'active' ELSE 'inactive' END
  FROM numbered WHERE type = 'Consent' AND NOT due
UNION ALL SELECT key, 2, patient, 'Consent.scope', '', 'patient-privacy'
  FROM numbered WHERE type = 'Consent' AND NOT due
UNION ALL SELECT key, 1, patient, 'Communication.outcome', '{_OWN}/contact-outcome', 'no-answer'
  FROM numbered WHERE type = 'Communication' AND NOT due AND id LIKE '%-1'
UNION ALL SELECT key, 1, patient, 'Communication.category', '{_OWN}/communication-category', 'concern'
  FROM numbered WHERE type = 'Communication' AND g % 20 = 0 AND id LIKE '%-2'
UNION ALL SELECT key, 3, patient, 'waiting', '', 'waiting'
  FROM numbered WHERE type = 'Communication' AND g % 20 = 0 AND id LIKE '%-2'
UNION ALL SELECT key, 3, patient, 'answers', '', 'Communication/m' || g || '-2'
  FROM numbered WHERE type = 'Communication' AND g % 20 = 0 AND NOT due AND id LIKE '%-1'
UNION ALL SELECT key, 2, patient, 'Communication.status', '', 'completed' FROM numbered WHERE type = 'Communication'
UNION ALL SELECT key, 1, patient, 'CarePlan.status', '', CASE WHEN now THEN 'active' ELSE 'completed' END
  FROM numbered WHERE type = 'CarePlan'
UNION ALL SELECT key, 2, patient, 'CarePlan.category', '{_OWN}/care-plan-category', 'crisis-home-treatment'
  FROM numbered WHERE type = 'CarePlan'
UNION ALL SELECT key, 3, patient, 'CarePlan.intent', '', 'plan' FROM numbered WHERE type = 'CarePlan'
UNION ALL SELECT key, 1, patient, 'Appointment.status', '', CASE WHEN now THEN 'booked' ELSE 'fulfilled' END
  FROM numbered WHERE type = 'Appointment'
UNION ALL SELECT key, 2, patient, 'Appointment.service-type', '{_OWN}/meeting-type', 'review-meeting'
  FROM numbered WHERE type = 'Appointment'
UNION ALL SELECT key, 1, patient, 'Task.status', '', CASE WHEN now THEN 'requested' ELSE 'completed' END
  FROM numbered WHERE type = 'Task'
UNION ALL SELECT key, 2, patient, 'Task.code', '{_OWN}/task-code',
    CASE WHEN g % 50 = 0 THEN 'override-review' ELSE 'carers-assessment' END FROM numbered WHERE type = 'Task'
UNION ALL SELECT key, 1, patient, 'Patient._tag', '{_OWN}/record-status', 'unverified'
  FROM numbered WHERE type = 'Patient' AND due;
INSERT INTO search_date (resource, number, patient, parameter, low, high)
SELECT key, 1, patient, type || '.date', began, CASE WHEN now AND type <> 'Appointment' THEN {2**62} ELSE began + 1 END
  FROM (SELECT *, {{now}} + CASE WHEN now THEN CASE type WHEN 'Appointment' THEN 1 ELSE -3 END
                          ELSE -30 - g % 1000 END * 86400000000 AS began FROM numbered) n
  WHERE type IN ('EpisodeOfCare', 'CarePlan', 'Appointment')
UNION ALL SELECT key, 1, patient, 'Communication.sent', at, at + 1
  FROM (SELECT *, {{now}} - CASE WHEN now THEN 2 ELSE 30 + g % 1000 END * 86400000000 AS at FROM numbered) n
  WHERE type = 'Communication'
UNION ALL SELECT key, 1, patient, 'Consent.next-review', at, at + 1
  FROM (SELECT *, {{now}} - (1 + (g + g / 1000) % 1000) * 86400000000 AS at FROM numbered) n
  WHERE type = 'Consent' AND NOT due
UNION ALL SELECT key, 1, patient, CASE WHEN g % 50 = 0 THEN 'override-review' ELSE 'owed-to-carers' END, at, at + 1
  FROM (SELECT *, {{now}} + (g % 10 - 5) * 86400000000 AS at FROM numbered) n WHERE type = 'Task' AND now;
INSERT INTO search_reference (resource, number, patient, parameter, target_type, target_id)
SELECT key, 1, patient, 'EpisodeOfCare.organization', 'Organization', 'team-' || g % {TEAMS}
  FROM numbered WHERE type = 'EpisodeOfCare'
UNION ALL SELECT key, 1, patient, 'Communication.recipient', 'RelatedPerson', 'r' || g || '-1'
  FROM numbered WHERE type = 'Communication' AND id LIKE '%-1'
UNION ALL SELECT key, 1, patient, 'Communication.sender', 'RelatedPerson', 'r' || g || '-1'
  FROM numbered WHERE type = 'Communication' AND id LIKE '%-2'
UNION ALL SELECT key, 2, patient, 'Communication', 'Communication', 'm' || g || '-2'
  FROM numbered WHERE type = 'Communication' AND g % 20 = 0 AND NOT due AND id LIKE '%-1'
UNION ALL SELECT key, 1, patient, 'CarePlan.performer', 'RelatedPerson', 'r' || g || '-1'
  FROM numbered WHERE type = 'CarePlan';
INSERT INTO resource (type, id, patient, organisation, version, updated, content)
SELECT 'Organization', 'team-' || n, '', 'RX1', 1, timestamptz '2020-01-01', '{{{{"resourceType":"Organization"}}}}'
FROM generate_series(0, {TEAMS} - 1) n;
"""


async def fill(connection: asyncpg.Connection, patients: int, now: int) -> None:
    """Ten resources for each patient, as things stand `now` (microseconds), and the statistics that are planned by."""
    for type_, letter, each in KINDS:
        await connection.execute(RESOURCES.format(type=type_, letter=letter, each=each, patients=patients))
    await connection.execute(KEYS.format(now=now, patients=patients))
    await connection.execute("VACUUM ANALYZE")
