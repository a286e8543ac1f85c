"""Parameters: what a search can ask, how an answer is shaped, and the headers that NHS services pass on."""

from typing import Any, get_args

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources import BY_TYPE
from app.fhir.search.criteria import modifiers
from app.fhir.search.include import includes, reverse_includes
from app.fhir.search.result import Summary, Total
from app.openapi.samples import search_value
from app.openapi.schemas import ref

Parameter = dict[str, Any]

_UUID = "^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$"
_PLAIN = "^[ -~]{1,200}$"
_ETAG = '^(W/)?"[^"]*"$'
VALUES = {
    "token": "`code`, `system|code`, `|code` (a code without system) or `system|` (any code of the system)",
    "composite": "`a$b`, each part a `code`, `system|code` or `|code`; where the second is a quantity, one of these",
    "number": "a number, as precise as it is written, after one of the prefixes eq ne gt lt ge le sa eb ap or none",
    "quantity": "a number as for number parameters, and its unit if that matters: `number|system|code`, `number||code`",
    "string": "the start of the text, whatever its case and accents",
    "date": "a date or time of any precision, after one of the prefixes eq ne gt lt ge le sa eb ap",
    "reference": "`Type/id`, an id, or an absolute URL",
    "uri": "the whole URI",
}


def path(name: str, description: str) -> Parameter:
    """A part of the path, which is an id or a version."""
    return {"name": name, "in": "path", "required": True, "description": description, "schema": ref("id")}


def header(name: str, description: str, schema: dict[str, Any]) -> Parameter:
    """A request header that need not be there."""
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"} | schema}


def query(name: str, description: str, schema: dict[str, Any]) -> Parameter:
    """A parameter of the URL that need not be there."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


COMMON: dict[str, Parameter] = {
    "pretty": query("_pretty", "Whether the answer is indented.", {"type": "boolean"}),
    "request-id": header(
        "X-Request-ID",
        "A UUID, with or without dashes, that comes back in the answer, the log and the audit trail; one is made when "
        "it is absent.",
        {"pattern": _UUID},
    ),
    "correlation-id": header(
        "X-Correlation-ID",
        "An id that several requests share. It comes back in the answer, the log and the audit trail.",
        {"pattern": _PLAIN},
    ),
    "organisation": header(
        "NHSD-End-User-Organisation-ODS",
        "ODS code of the organisation on whose behalf the caller acts, kept in the audit trail.",
        {"pattern": _PLAIN},
    ),
    "user-role": header(
        "NHSD-Session-URID",
        "SDS role profile of the person at the keyboard, kept in the audit trail.",
        {"pattern": _PLAIN},
    ),
}
IF_MATCH = header(
    "If-Match",
    'The ETag of the version that is meant: `W/"3"`. When another is current, nothing happens and the answer is 412.',
    {"pattern": _ETAG},
)
IF_NONE_MATCH = header(
    "If-None-Match", "ETags of versions the caller has: 304 when the one asked for is among them.", {"pattern": _ETAG}
)
ONLY_NEW = header("If-None-Match", "`*`: create, and never replace (412 when the id is in use).", {"enum": ["*"]})
IF_NONE_EXIST = header(
    "If-None-Exist",
    "Search criteria, such as `identifier=system|value`: the one record that meets them is answered, and nothing is "
    "stored. 412 when several do.",
    {},
)
X_PROVENANCE = header(
    "X-Provenance",
    "A Provenance as JSON without `target`: who had a part in this write, and why. It is stored with what is written.",
    {},
)
IF_MODIFIED_SINCE = header(
    "If-Modified-Since", "An HTTP date: 304 when nothing changed since. If-None-Match goes before it.", {}
)
PREFER_RETURN = header(
    "Prefer",
    "What a write answers with: the resource (when absent), nothing, or an OperationOutcome.",
    {"enum": ["return=representation", "return=minimal", "return=OperationOutcome"]},
)
PREFER_HANDLING = header(
    "Prefer",
    "What becomes of search parameters that are not known: `handling=strict` (when absent) refuses them with 400; "
    "`handling=lenient` ignores them, says so in an entry of mode `outcome`, and leaves them out of the self link.",
    {"enum": ["handling=strict", "handling=lenient"]},
)
FORMAT = query(
    "_format",
    "The format of the answer, for clients that cannot set Accept: json, application/fhir+json or application/json.",
    {"type": "string"},
)
PART = (
    query("_summary", "How much of the record.", {"enum": [each for each in get_args(Summary) if each != "count"]}),
    query("_elements", "Only these elements at the root of the record, and those FHIR requires.", {"type": "string"}),
)
COUNT = query("_count", "Entries on a page; 0 for the total alone.", {"type": "integer", "minimum": 0})
CURSOR = query(
    "_cursor", "Where the next page starts. Follow the link of relation next; do not make it up.", {"type": "string"}
)
SINCE = query("_since", "Only versions stored at or after this instant.", ref("instant"))
AT = query(
    "_at", "Only versions that were current at some moment of this instant, day, month or year.", ref("dateTime")
)
ORDER = query("_sort", "Newest first (when absent), or oldest first.", {"enum": ["-_lastUpdated", "_lastUpdated"]})
HISTORY = (COUNT, SINCE, AT, ORDER, CURSOR)


def common() -> list[Parameter]:
    """The parameters of every interaction."""
    return [FORMAT, *({"$ref": f"#/components/parameters/{name}"} for name in COMMON)]


def headers() -> list[Parameter]:
    """Those of them that are headers: the parameters of every address outside FHIR."""
    return [each for each in common() if each.get("$ref", "").rpartition("/")[2] not in ("", "pretty")]


def search(definition: ResourceDefinition) -> list[Parameter]:
    """The search parameters of a type, then those that shape the result."""
    return [_search(definition, parameter) for parameter in definition.search_parameters] + _result(definition)


def of_every_type() -> list[Parameter]:
    """The search parameters that every type has."""
    definition = next(iter(BY_TYPE.values()))
    return [
        _search(definition, parameter) for parameter in definition.search_parameters if parameter.name.startswith("_")
    ]


def _search(definition: ResourceDefinition, parameter: SearchParameter) -> Parameter:
    suffixes = [f"`:{name}`" for name in modifiers(parameter)]
    if parameter.type == "reference" and parameter.form != "canonical":
        suffixes.append(f"a type such as `:{(*parameter.targets, 'Patient')[0]}`")
    type_ = parameter.fhir_type
    words = (
        f"{parameter.documentation} A {type_}: {VALUES[type_]}. Commas mean or, repeating the "
        f"parameter means and. Modifiers: {', '.join(suffixes)}."
    )
    schema = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
    return query(parameter.name, words.strip(), schema) | {"example": [search_value(definition, parameter)]}


def _result(definition: ResourceDefinition) -> list[Parameter]:
    names = ", ".join(list(definition.by_name)[:3])
    sort = f"The order of the matches: names of search parameters ({names} ...), after `-` from last to first."
    by_time = query("_sort", sort, {"type": "string"}) | {"example": "-_lastUpdated"}
    # What comes with the release comes by id.
    sorting = [by_time] if "_lastUpdated" in definition.by_name else []
    return [
        *sorting,
        COUNT | {"example": 10},
        *(_reaching(definition) if definition.type in BY_TYPE else []),
        query("_total", "How exactly Bundle.total is to be known.", {"enum": list(get_args(Total))})
        | {"example": "accurate"},
        query("_summary", "How much of each match.", {"enum": list(get_args(Summary))}) | {"example": "false"},
        query(
            "_elements", "Only these elements at the root of each match, and those FHIR requires.", {"type": "string"}
        )
        | {"example": "identifier"},
        CURSOR,
    ]


def _reaching(definition: ResourceDefinition) -> list[Parameter]:
    """What leads to other types. Chains and `_has` are parameters of any name, which OpenAPI cannot list."""
    words = (
        "References to follow: what they lead to comes along with mode include. `Type:reference`, "
        "`Type:reference:TargetType`, or `*` for all. `{name}:iterate` goes on from what was included."
    )
    schema = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    include, reverse = includes(definition), reverse_includes(definition)
    forward = [query("_include", words.format(name="_include"), schema) | {"example": [include[0]]}] if include else []
    return [
        *forward,
        query("_revinclude", "As _include, from what is referred to. " + words.format(name="_revinclude"), schema)
        | {"example": [reverse[0]]},
    ]
