// fhir-kit-client at work on the service: node drive.mjs [base]. https://github.com/Vermonster/fhir-kit-client

import assert from 'node:assert/strict';
import { Client } from 'fhir-kit-client';

const client = new Client({ baseUrl: process.argv[2] });
const done = [];

async function step(name, work) {
  await work();
  done.push(name);
}

/** The refusal of a request: its status and OperationOutcome. */
async function refused(request) {
  try {
    await request;
  } catch (problem) {
    return problem.response;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

const nhsNumber = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: process.argv[3] ?? '9990002002' };
const of = { type: 'Patient', identifier: nhsNumber };
let patient;
let person;

await step('capabilities', async () => {
  const statement = await client.capabilityStatement();
  assert.equal(statement.fhirVersion, '4.0.1');
});

await step('create and read', async () => {
  patient = await client.create({ resourceType: 'Patient', body: { resourceType: 'Patient', identifier: [nhsNumber] } });
  assert.equal(patient.meta.versionId, '1');
  assert.deepEqual(await client.read({ resourceType: 'Patient', id: patient.id }), patient);
  person = await client.create({ resourceType: 'RelatedPerson', body: { resourceType: 'RelatedPerson', patient: of } });
});

await step('update and vread', async () => {
  const changed = await client.update({ resourceType: 'RelatedPerson', id: person.id, body: { ...person, gender: 'female' } });
  assert.equal(changed.meta.versionId, '2');
  const first = await client.vread({ resourceType: 'RelatedPerson', id: person.id, version: '1' });
  assert.deepEqual(first, person);
});

await step('patch', async () => {
  const jsonPatch = [{ op: 'test', path: '/gender', value: 'female' }, { op: 'replace', path: '/gender', value: 'other' }];
  const changed = await client.patch({ resourceType: 'RelatedPerson', id: person.id, jsonPatch });
  assert.equal(changed.gender, 'other');
  assert.equal(changed.meta.versionId, '3');
  const again = await refused(client.patch({ resourceType: 'RelatedPerson', id: person.id, jsonPatch }));
  assert.equal(again.status, 422);
  assert.equal(again.data.resourceType, 'OperationOutcome');
});

await step('conditional update', async () => {
  const searchParams = { identifier: 'urn:interop|1' };
  const body = { resourceType: 'Practitioner', identifier: [{ system: 'urn:interop', value: '1' }] };
  const made = await client.update({ resourceType: 'Practitioner', searchParams, body });
  const same = await client.update({ resourceType: 'Practitioner', searchParams, body: { ...body, active: true } });
  assert.equal(same.id, made.id);
});

await step('search and pages', async () => {
  for (let number = 0; number < 6; number += 1) {
    await client.create({ resourceType: 'RelatedPerson', body: { resourceType: 'RelatedPerson', patient: of } });
  }
  const searchParams = { patient: `Patient/${patient.id}`, _count: 2 };
  const seen = new Set();
  let page = await client.search({ resourceType: 'RelatedPerson', searchParams });
  assert.equal(page.total, 7);
  while (page) {
    page.entry.forEach((entry) => seen.add(entry.resource.id));
    page = await client.nextPage({ bundle: page });
  }
  assert.equal(seen.size, 7);
  const posted = await client.resourceSearch({ resourceType: 'RelatedPerson', searchParams, options: { postSearch: true } });
  assert.equal(posted.total, 7);
});

await step('compartment', async () => {
  const found = await client.search({ resourceType: 'RelatedPerson', compartment: { resourceType: 'Patient', id: patient.id } });
  assert.equal(found.total, 7);
});

await step('transaction', async () => {
  const urn = 'urn:uuid:6f1f0f6a-2b31-4c0e-9d0b-7d1f0f8e1c4a';
  const entry = [
    { fullUrl: urn, resource: { resourceType: 'Organization', name: 'Interop' }, request: { method: 'POST', url: 'Organization' } },
    { resource: { resourceType: 'PractitionerRole', organization: { reference: urn } }, request: { method: 'POST', url: 'PractitionerRole' } },
  ];
  const answer = await client.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry } });
  assert.deepEqual(answer.entry.map((each) => each.response.status.slice(0, 3)), ['201', '201']);
  const bad = [...entry, { resource: { resourceType: 'Patient', gender: 'x' }, request: { method: 'POST', url: 'Patient' } }];
  const refusal = await refused(client.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry: bad } }));
  assert.match(refusal.data.issue[0].expression[0], /^Bundle\.entry\[2\]/);
});

await step('batch', async () => {
  const entry = [{ request: { method: 'GET', url: `Patient/${patient.id}` } }, { request: { method: 'GET', url: 'Patient/absent' } }];
  const answer = await client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry } });
  assert.deepEqual(answer.entry.map((each) => each.response.status.slice(0, 3)), ['200', '404']);
});

await step('history', async () => {
  const versions = await client.resourceHistory({ resourceType: 'RelatedPerson', id: person.id });
  assert.deepEqual(versions.entry.map((each) => each.request.method), ['PATCH', 'PUT', 'POST']);
  assert.equal((await client.typeHistory({ resourceType: 'Organization' })).type, 'history');
  assert.equal((await client.systemHistory()).type, 'history');
});

await step('operations', async () => {
  const input = { resourceType: 'Patient', gender: 'x' };
  const outcome = await client.operation({ name: 'validate', resourceType: 'Patient', input });
  assert.equal(outcome.issue[0].expression[0], 'Patient.gender');
  const all = await client.operation({ name: 'everything', resourceType: 'Patient', id: patient.id, method: 'GET' });
  assert.equal(all.total, 8);
});

await step('delete', async () => {
  await client.delete({ resourceType: 'RelatedPerson', id: person.id });
  assert.equal((await refused(client.read({ resourceType: 'RelatedPerson', id: person.id }))).status, 410);
});

console.log(`fhir-kit-client: ${done.join(', ')}`);
