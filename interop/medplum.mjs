// Medplum's client at work on a service that is not Medplum's: node medplum.mjs [base]. https://www.medplum.com/docs/sdk/core.medplumclient

import assert from 'node:assert/strict';
import { MedplumClient } from '@medplum/core';

const { origin, pathname } = new URL(process.argv[2]);
const settings = { baseUrl: `${origin}/`, fhirUrlPath: `${pathname.slice(1)}/`, fetch };
// Without its cache and its second attempts: what the service answers is what is seen.
const client = new MedplumClient({ ...settings, cacheTime: 0, maxRetries: 0 });
const done = [];

async function step(name, work) {
  await work();
  done.push(name);
}

/** The code of the first issue of a refusal. */
async function refused(request) {
  try {
    await request;
  } catch (problem) {
    return problem.outcome.issue[0].code;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

const patient = await client.createResource({
  resourceType: 'Patient',
  identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990002118' }],
});
const of = { reference: `Patient/${patient.id}` };
const identifier = [{ system: 'urn:medplum', value: '1' }];
const same = 'identifier=urn:medplum|1';
let person;

await step('create once', async () => {
  person = await client.createResource({ resourceType: 'RelatedPerson', patient: of, identifier });
  const again = await client.createResourceIfNoneExist({ resourceType: 'RelatedPerson', patient: of, identifier }, same);
  assert.deepEqual(again, person);
});

await step('upsert, by criteria', async () => {
  const changed = await client.upsertResource({ resourceType: 'RelatedPerson', patient: of, identifier, gender: 'female' }, same);
  assert.deepEqual([changed.id, changed.meta.versionId], [person.id, '2']);
});

await step('patch', async () => {
  const changed = await client.patchResource('RelatedPerson', person.id, [{ op: 'replace', path: '/gender', value: 'other' }]);
  assert.equal(changed.gender, 'other');
  const versions = await client.readHistory('RelatedPerson', person.id);
  assert.deepEqual(versions.entry.map((each) => each.resource.meta.versionId), ['3', '2', '1']);
  assert.equal((await client.readVersion('RelatedPerson', person.id, '2')).gender, 'female');
});

await step('stale update', async () => {
  const headers = { 'If-Match': 'W/"1"' };
  assert.equal(await refused(client.updateResource({ ...person, gender: 'male' }, { headers })), 'conflict');
});

await step('pages', async () => {
  const entry = Array.from({ length: 9 }, () => ({
    request: { method: 'POST', url: 'RelatedPerson' },
    resource: { resourceType: 'RelatedPerson', patient: of },
  }));
  await client.executeBatch({ resourceType: 'Bundle', type: 'transaction', entry });
  const seen = [];
  for await (const page of client.searchResourcePages('RelatedPerson', { patient: of.reference, _count: 2, _sort: '-_lastUpdated' })) {
    seen.push(...page.map((each) => each.id));
  }
  assert.deepEqual([seen.length, new Set(seen).size], [10, 10]);
});

await step('reads gathered into a batch', async () => {
  const gathering = new MedplumClient({ ...settings, autoBatchTime: 20 });
  const [read, found] = await Promise.all([
    gathering.readResource('Patient', patient.id),
    gathering.search('RelatedPerson', `patient=${of.reference}&_total=accurate`),
  ]);
  assert.deepEqual([read, found.total], [patient, 10]);
});

await step('patch in a batch, as a Binary', async () => {
  const data = btoa(JSON.stringify([{ op: 'replace', path: '/gender', value: 'male' }]));
  const resource = { resourceType: 'Binary', contentType: 'application/json-patch+json', data };
  const entry = [{ request: { method: 'PATCH', url: `RelatedPerson/${person.id}` }, resource }];
  const answer = await client.executeBatch({ resourceType: 'Bundle', type: 'batch', entry });
  assert.equal(answer.entry[0].response.status, '200');
});

await step('operations', async () => {
  assert.equal((await client.readPatientEverything(patient.id)).total, 11);
  assert.equal((await client.validateResource({ resourceType: 'Patient', active: true })).issue[0].severity, 'information');
});

await step('delete', async () => {
  await client.deleteResource('RelatedPerson', person.id);
  assert.equal(await refused(client.readResource('RelatedPerson', person.id)), 'deleted');
  assert.equal(await refused(client.readResource('RelatedPerson', 'absent')), 'not-found');
});

console.log(`MedplumClient: ${done.join(', ')}`);
