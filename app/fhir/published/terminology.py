"""The product's codes as CodeSystem and ValueSet, and which resource types hold what a scope is about as ConceptMap.

https://hl7.org/fhir/R4/codesystem.html, https://hl7.org/fhir/R4/valueset.html, https://hl7.org/fhir/R4/conceptmap.html
"""

from typing import Any

from app.fhir.canonical import BASE, SHARING_SCOPE
from app.fhir.published.head import Resource, head
from app.fhir.terminology import RESOURCE_TYPE
from app.fhir.vocabulary import ALL
from app.fhir.vocabulary import SHARING_SCOPE as SCOPES
from app.fhir.vocabulary.concepts import CodeSystem
from app.fhir.vocabulary.scope_types import SCOPE_TYPES


def terminology() -> list[Resource]:
    """A CodeSystem and a ValueSet of all its codes for each list, and the ConceptMap of scopes."""
    return [made for system in ALL for made in (_code_system(system), _value_set(system))] + [_scope_types()]


def _code_system(system: CodeSystem) -> Resource:
    concepts = [
        {"code": concept.code, "display": concept.display, "definition": concept.definition}
        for concept in system.concepts
    ]
    return head("CodeSystem", system.name, system.title, system.description) | {
        "caseSensitive": True,
        "valueSet": f"{BASE}/ValueSet/{system.name}",
        "content": "complete",
        "count": len(concepts),
        "concept": concepts,
    }


def _value_set(system: CodeSystem) -> Resource:
    include = [{"system": f"{BASE}/CodeSystem/{system.name}"}]
    return head("ValueSet", system.name, system.title, system.description) | {"compose": {"include": include}}


def _scope_types() -> Resource:
    description = (
        "Which resource types hold what a sharing scope is about. A permit by class covers a scope when it lists all "
        "its types, a refusal when it lists any. Scopes without a type are covered by their code alone."
    )
    group = {
        "source": SHARING_SCOPE,
        "target": RESOURCE_TYPE,
        "element": [
            {"code": scope, "display": SCOPES.by_code[scope].display, "target": _targets(sorted(types))}
            for scope, types in SCOPE_TYPES.items()
        ],
    }
    return head("ConceptMap", "sharing-scope-types", "Sharing scopes and resource types", description) | {
        "sourceCanonical": f"{BASE}/ValueSet/sharing-scope",
        "targetCanonical": "http://hl7.org/fhir/ValueSet/resource-types",
        "group": [group],
    }


def _targets(types: list[str]) -> list[dict[str, Any]]:
    return [{"code": type_, "equivalence": "relatedto"} for type_ in types] or [{"equivalence": "unmatched"}]
