"""The parts of a statement that store the search keys of many resources."""

from app.storage.columns import taken


def keys_of(
    *,
    tokens: int,
    strings: int,
    dates: int,
    references: int,
    uris: int | None,
    quantities: int | None,
    same_entry: str = "true",
) -> str:
    """The parts of a statement that store search keys: of the resources `made` (n, key, patient), in columns bound from
    these numbers on; None where there are none.

    A reference is to the key of the Patient in `target`, or of the one who is `numbered` where `same_entry` holds.
    """
    return f"""
tokens AS (
    INSERT INTO search_token (resource, number, patient, parameter, system, code)
    SELECT m.key, k.number, m.patient, k.parameter, k.system, k.code
    FROM unnest({taken(tokens, "int int text text text")}) AS k(n, number, parameter, system, code)
    JOIN made m ON m.n = k.n
),
strings AS (
    INSERT INTO search_string (resource, number, patient, parameter, value, exact)
    SELECT m.key, k.number, m.patient, k.parameter, k.value, k.exact
    FROM unnest({taken(strings, "int int text text text")}) AS k(n, number, parameter, value, exact)
    JOIN made m ON m.n = k.n
),
dates AS (
    INSERT INTO search_date (resource, number, patient, parameter, low, high)
    SELECT m.key, k.number, m.patient, k.parameter, k.low, k.high
    FROM unnest({taken(dates, "int int text bigint bigint")}) AS k(n, number, parameter, low, high)
    JOIN made m ON m.n = k.n
),
refs AS (
    INSERT INTO search_reference (resource, number, patient, parameter, target_type, target_id, url, system, value)
    SELECT m.key, k.number, m.patient, k.parameter, k.type, COALESCE(t.patient, p.patient, k.id), k.url, k.system,
           k.value
    FROM unnest({taken(references, "int int text text text text text text text")})
         AS k(n, number, parameter, type, id, url, system, value, nhs)
    JOIN made m ON m.n = k.n
    LEFT JOIN target t ON k.type = 'Patient' AND t.type = 'Patient' AND t.id = k.id
    LEFT JOIN numbered p ON k.nhs <> '' AND p.number = k.nhs AND {same_entry}
)
{"" if uris is None else _uris(uris)}{"" if quantities is None else _quantities(quantities)}""".strip()


def _uris(first: int) -> str:
    return f""",
uris AS (
    INSERT INTO search_uri (resource, number, patient, parameter, value)
    SELECT m.key, k.number, m.patient, k.parameter, k.value
    FROM unnest({taken(first, "int int text text")}) AS k(n, number, parameter, value)
    JOIN made m ON m.n = k.n
)"""


def _quantities(first: int) -> str:
    return f""",
quantities AS (
    INSERT INTO search_quantity (resource, number, patient, parameter, low, high, system, code, part)
    SELECT m.key, k.number, m.patient, k.parameter, k.low, k.high, k.system, k.code, k.part
    FROM unnest({taken(first, "int int text numeric numeric text text text")})
         AS k(n, number, parameter, low, high, system, code, part)
    JOIN made m ON m.n = k.n
)"""
