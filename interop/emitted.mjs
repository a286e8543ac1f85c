// Asks the service for everything it can emit, and the validator about all of it: node emitted.mjs [base]

import { findings } from './validator.mjs';

const base = process.argv[2];
const said = new Map();
let looked = 0;

/** One request; whatever comes back is looked at. */
async function ask(path, options = {}) {
  const url = path.startsWith('http') ? path : `${base}/${path}`;
  const headers = { 'Content-Type': 'application/fhir+json', ...options.headers };
  const answer = await fetch(url, { ...options, headers });
  const text = await answer.text();
  if (!text) {
    return {};
  }
  const resource = JSON.parse(text);
  looked += 1 + (resource.entry ?? []).length;
  for (const line of findings(resource)) {
    said.set(line, `${options.method ?? 'GET'} ${path.replace(base, '')}`);
  }
  return resource;
}

const send = (method, path, body, headers = {}) => ask(path, { method, headers, body: JSON.stringify(body) });

/** All pages of a search or history, at most so many. */
async function pages(path, most = 20) {
  const entries = [];
  for (let url = path; url && most > 0; most -= 1) {
    const page = await ask(url);
    entries.push(...(page.entry ?? []));
    url = page.link?.find((link) => link.relation === 'next')?.url;
  }
  return entries;
}

/** What every type has: search, history, one of its resources in every way of asking for it. */
async function type(name) {
  const entries = await pages(`${name}?_count=200`);
  await pages(`${name}?_count=20&_summary=true`, 2);
  await pages(`${name}?_count=5&_include=*&_revinclude=*`, 2);
  await pages(`${name}/_history?_count=200`, 3);
  const [first] = entries.filter((entry) => entry.resource.resourceType === name);
  if (first) {
    const id = first.resource.id;
    await ask(`${name}/${id}`);
    await ask(`${name}/${id}/_history`);
    await ask(`${name}/${id}/_history/1`);
    await ask(`${name}/${id}/$validate`);
  }
  return entries.map((entry) => entry.resource);
}

/** Writes of every kind, and what they answer. */
async function writes() {
  const made = await send('POST', 'Practitioner', { resourceType: 'Practitioner', name: [{ family: 'Interop' }] });
  const path = `Practitioner/${made.id}`;
  await send('PUT', path, { ...made, active: true }, { Prefer: 'return=OperationOutcome' });
  const patch = [{ op: 'replace', path: '/active', value: false }];
  await send('PATCH', path, patch, { 'Content-Type': 'application/json-patch+json' });
  for (const kind of ['transaction', 'batch']) {
    const entry = [
      { fullUrl: 'urn:uuid:0f8e1c4a-58a5-4c0e-9d0b-7d1f0f6a2b31', resource: { resourceType: 'Organization', name: 'Interop' }, request: { method: 'POST', url: 'Organization' } },
      { request: { method: 'GET', url: path } },
    ];
    await send('POST', '', { resourceType: 'Bundle', type: kind, entry });
    await send('POST', '', { resourceType: 'Bundle', type: kind, entry: [{ request: { method: 'GET', url: 'Practitioner/absent' } }] });
  }
  await ask(path, { method: 'DELETE' });
  await ask(path);
  await ask(`${path}/_history`);
}

/** Refusals: each an OperationOutcome. */
async function refusals() {
  await ask('Patient/absent');
  await ask('Patient?nonsense=1');
  await ask('Patient?nonsense=1', { headers: { Prefer: 'handling=lenient' } });
  await ask('Nothing/at/all');
  await ask('Patient/1/_history', { method: 'PUT' });
  await ask('Patient', { method: 'POST', body: '{' });
  await send('POST', 'Patient', { resourceType: 'Patient', gender: 'x', birthDate: 'then', active: 'yes' });
  await send('POST', 'Patient/$validate', { resourceType: 'Patient', gender: 'x' });
  await ask('Patient', { headers: { Accept: 'application/fhir+xml' } });
}

const statement = await ask('metadata');
const found = {};
for (const { type: name } of statement.rest[0].resource) {
  found[name] = await type(name);
}
for (const patient of found.Patient.slice(0, 20)) {
  await pages(`Patient/${patient.id}/$everything?_count=50`);
  const supporters = found.RelatedPerson.filter((each) => each.patient?.reference === `Patient/${patient.id}`);
  for (const person of supporters) {
    await ask(`Consent/$check-sharing?patient=Patient/${patient.id}&recipient=RelatedPerson/${person.id}`);
  }
}
await writes();
await refusals();
await pages('_history?_count=500', 5);
await pages('AuditEvent?_count=200', 5);

console.log(`${looked} resources and Bundles looked at`);
for (const [line, where] of said) {
  console.log(`${where}: ${line}`);
}
process.exitCode = said.size ? 1 : 0;
