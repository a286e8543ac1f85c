"""Rows for `bench.searches`: records without content, and the keys that searches look at."""

import asyncpg

RESOURCES = """
INSERT INTO resource (type, id, patient, organisation, version, updated, content)
SELECT '{type}', '{letter}' || g || CASE WHEN {each} > 1 THEN '-' || n ELSE '' END, 'p' || g, 'RX1', 1,
       timestamptz '2020-01-01' + g * interval '1 minute', '{{"resourceType":"{type}"}}'
FROM generate_series(1, {patients}) g, generate_series(1, {each}) n
"""
KINDS = (("Patient", "p", 1), ("RelatedPerson", "r", 3), ("Consent", "c", 4), ("CarePlan", "l", 2))
KEYS = """
INSERT INTO nhs_number (number, patient) SELECT '999' || lpad(substr(id, 2), 7, '0'), patient
FROM resource WHERE type = 'Patient';
INSERT INTO search_token (resource, number, patient, parameter, system, code)
SELECT key, 1, patient, 'Patient.identifier', 'https://fhir.nhs.uk/Id/nhs-number',
       '999' || lpad(substr(id, 2), 7, '0') FROM resource WHERE type = 'Patient'
UNION ALL SELECT key, 2, patient, 'Patient.gender', 'http://hl7.org/fhir/administrative-gender',
       CASE key % 2 WHEN 0 THEN 'male' ELSE 'female' END FROM resource WHERE type = 'Patient'
UNION ALL SELECT key, 1, patient, 'Consent.status', 'http://hl7.org/fhir/consent-state-codes',
       CASE key % 20 WHEN 0 THEN 'draft' ELSE 'active' END FROM resource WHERE type = 'Consent'
UNION ALL SELECT key, 2, patient, 'Consent.identifier', 'http://s.example', key::text
       FROM resource WHERE type = 'Consent'
UNION ALL SELECT key, 1, patient, 'CarePlan.status', 'http://hl7.org/fhir/request-status',
       CASE key % 3 WHEN 0 THEN 'draft' ELSE 'active' END FROM resource WHERE type = 'CarePlan';
INSERT INTO search_string (resource, number, patient, parameter, value, exact)
SELECT key, 1, patient, type || p, md5((key % 50000)::text), '' FROM resource,
       unnest(ARRAY['.family', '.name']) WITH ORDINALITY u(p, n) WHERE type = 'Patient' AND n = 1
UNION ALL SELECT key, 2, patient, type || '.name', md5((key % 50000)::text), '' FROM resource
       WHERE type IN ('Patient', 'RelatedPerson')
UNION ALL SELECT key, 3, patient, 'Patient.name', md5((key % 1000)::text), '' FROM resource WHERE type = 'Patient';
INSERT INTO search_date (resource, number, patient, parameter, low, high)
SELECT key, 1, patient, 'Patient.birthdate', (key % 30000) * 86400000000, (key % 30000 + 1) * 86400000000
       FROM resource WHERE type = 'Patient'
UNION ALL SELECT key, 1, patient, type || '.date', 1600000000000000 + key * 60000000,
       1600000000000000 + key * 60000000 + 1000000 FROM resource WHERE type IN ('Consent', 'CarePlan');
INSERT INTO search_reference (resource, number, patient, parameter, target_type, target_id)
SELECT key, 1, patient, type || '.patient', 'Patient', patient FROM resource WHERE type <> 'Patient'
UNION ALL SELECT key, 2, patient, 'CarePlan.subject', 'Patient', patient FROM resource WHERE type = 'CarePlan'
UNION ALL SELECT key, 3, patient, type || CASE type WHEN 'Consent' THEN '.actor' ELSE '.performer' END, 'RelatedPerson',
       'r' || substr(patient, 2) || '-' || (key % 3 + 1) FROM resource WHERE type IN ('Consent', 'CarePlan');
"""


async def fill(connection: asyncpg.Connection, patients: int) -> None:
    """Ten resources for each patient, and the statistics that PostgreSQL plans by."""
    for type_, letter, each in KINDS:
        await connection.execute(RESOURCES.format(type=type_, letter=letter, each=each, patients=patients))
    await connection.execute(KEYS)
    await connection.execute("VACUUM ANALYZE")
