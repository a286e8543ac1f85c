"""Attacks on the token endpoint: assertions that are forged, replayed, borrowed, stretched or malformed."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.security import assertion, keys
from app.security.jwt import NotValidError
from tests.conftest import running
from tests.security.tokens import (
    ASSERTION_TYPE,
    ROOT,
    TOKEN_URL,
    FromNow,
    Registered,
    ask,
    errors,
    register,
    rsa,
    signed,
)

UNKNOWN = "it is not signed by a key of a registered client"


@pytest.fixture(scope="module")
async def other(module_database_url):
    """Another registered client, which would like to be the first."""
    one = Registered(organisation="RX2", scopes="system/*.cruds kith/admin")
    await register(module_database_url, one)
    return one


def encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


async def refused(secured, assertion, why, error="invalid_client", **changed):
    answer = await ask(secured, assertion, **changed)
    assert answer.status_code == 400, answer.text
    said = errors(answer)
    assert said[0] == error, said
    assert why in said[1], said


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
async def test_an_assertion_without_a_signature_is_nobodys(secured, registered, algorithm):
    head = encoded({"alg": algorithm, "kid": registered.key["kid"]})
    for signature in ("", "AA", registered.assertion().split(".")[2]):
        why = UNKNOWN if signature else "no signed JWT"
        await refused(secured, f"{head}.{encoded(registered.claims())}.{signature}", why)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
async def test_the_public_key_is_no_shared_secret(secured, registered, algorithm):
    public = json.dumps(keys.public(registered.key)).encode()
    text = f"{encoded({'alg': algorithm, 'kid': registered.key['kid']})}.{encoded(registered.claims())}"
    digest = hmac.new(public, text.encode(), getattr(hashlib, f"sha{algorithm[2:]}")).digest()
    await refused(secured, f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}", UNKNOWN)


@pytest.mark.parametrize(
    "kid",
    [
        "../../../../dev/null",
        "/proc/self/environ",
        "' OR '1'='1",
        "x'; DROP TABLE client; --",
        "",
        "a" * 5_000,
        "\0",
        "https://attacker.example/jwks",
        7,
        None,
        ["a"],
        {"a": "b"},
    ],
)
async def test_a_kid_only_names_a_registered_key(secured, registered, kid):
    head = encoded({"alg": "ES384", "kid": kid})
    signature = registered.assertion().split(".")[2]
    await refused(secured, f"{head}.{encoded(registered.claims())}.{signature}", "is not valid")
    assert (await ask(secured, registered.assertion())).status_code == 200


@pytest.mark.parametrize("member", ["jwk", "jku", "x5u", "x5c"])
async def test_a_key_that_the_assertion_brings_along_is_not_looked_at(secured, registered, member):
    own = keys.generate()
    values = {
        "jwk": keys.public(own),
        "jku": "http://127.0.0.1:1/keys",
        "x5u": "http://127.0.0.1:1/keys",
        "x5c": ["AA"],
    }
    assertion = signed(registered.claims(), {**own, "kid": registered.key["kid"]}, **{member: values[member]})
    await refused(secured, assertion, UNKNOWN)


async def test_a_critical_header_that_is_not_understood_is_refused(secured, registered):
    head = encoded({"alg": "ES384", "kid": registered.key["kid"], "crit": ["b64"], "b64": False})
    _, body, signature = registered.assertion().split(".")
    await refused(secured, f"{head}.{body}.{signature}", "cannot be read")


async def test_a_client_is_not_another_by_its_own_key(secured, registered, other):
    await refused(secured, other.assertion(iss=registered.id, sub=registered.id), UNKNOWN)
    await refused(secured, registered.assertion(key={**other.key, "kid": registered.key["kid"]}), UNKNOWN)
    await refused(secured, other.assertion(sub=registered.id), "iss and sub")
    await refused(secured, other.assertion(), "client_id", client_id=registered.id)


async def test_an_algorithm_that_is_not_the_keys_is_refused(secured, module_database_url):
    one = Registered(key=rsa("RS384"))
    await register(module_database_url, one)
    for algorithm in ("RS256", "RS512", "PS384"):
        key = {name: value for name, value in one.key.items() if name != "alg"}
        await refused(secured, signed(one.claims(), key, alg=algorithm), UNKNOWN)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": ROOT}, "aud"),
        ({"aud": f"{TOKEN_URL}/"}, "aud"),
        ({"aud": TOKEN_URL.upper()}, "aud"),
        ({"aud": [TOKEN_URL, "https://elsewhere.example"]}, "aud"),
        ({"aud": {"is": TOKEN_URL}}, "aud"),
        ({"aud": None}, "aud"),
        ({"iss": None}, "registered client"),
        ({"sub": None}, "iss and sub"),
        ({"iss": "nobody", "sub": "nobody"}, "registered client"),
        ({"iss": ["a"], "sub": ["a"]}, "registered client"),
        ({"iss": "a\0", "sub": "a\0"}, "registered client"),
        ({"exp": None}, "exp"),
        ({"exp": FromNow(-60)}, "expired"),
        ({"exp": FromNow(3_600)}, "five minutes"),
        ({"exp": FromNow(3_600), "iat": FromNow(3_400)}, "five minutes"),
        ({"exp": 10**30}, "exp is no time"),
        ({"exp": -1}, "exp is no time"),
        ({"exp": "tomorrow"}, "exp is no time"),
        ({"exp": True}, "exp is no time"),
        ({"nbf": FromNow(200)}, "nbf lies ahead"),
        ({"iat": FromNow(200)}, "iat lies ahead"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 7}, "jti"),
        ({"jti": "a" * 1_000}, "jti"),
    ],
)
async def test_each_claim_must_be_as_it_should(secured, registered, claims, why):
    await refused(secured, registered.assertion(**claims), why)


@pytest.mark.parametrize(
    ("ends", "made", "status"),
    [
        (300, None, "good"),
        (300, -60, "good"),
        (301, None, "five"),
        (301, 0, "five"),
        (325, 25, "good"),
        (331, 31, "five"),
    ],
)
def test_it_is_good_for_five_minutes_and_a_clock_may_be_half_a_minute_ahead(ends, made, status):
    now = datetime(2026, 3, 3, tzinfo=UTC)
    claims = {name: now.timestamp() + each for name, each in (("exp", ends), ("iat", made)) if each is not None}
    if status == "good":
        assert assertion._end(claims, now) == now + timedelta(seconds=ends)
    else:
        with pytest.raises(NotValidError, match="five minutes"):
            assertion._end(claims, now)


async def test_half_a_character_is_no_name(secured, registered):
    head, _, signature = registered.assertion().split(".")
    body = encoded(registered.claims(iss="\ud800", sub="\ud800"))
    await refused(secured, f"{head}.{body}.{signature}", UNKNOWN)


async def test_an_end_that_is_no_number_is_refused(secured, registered):
    claims = registered.claims()
    for value in ("NaN", "Infinity", "-Infinity", "1e400"):
        head = encoded({"alg": "ES384", "kid": registered.key["kid"], "typ": "JWT"})
        body = json.dumps(claims).replace(str(claims["exp"]), value)
        text = base64.urlsafe_b64encode(body.encode()).rstrip(b"=").decode()
        await refused(secured, f"{head}.{text}.AAAA", UNKNOWN)


async def test_an_assertion_is_good_once(secured, registered):
    assertion = registered.assertion()
    assert (await ask(secured, assertion)).status_code == 200
    await refused(secured, assertion, "used before")
    await refused(secured, registered.assertion(jti=claims_of(assertion)["jti"]), "used before")


async def test_of_many_replays_on_two_workers_exactly_one_wins(secured, registered, module_database_url):
    async with running(module_database_url, authentication="on", base_url=ROOT) as second:
        assertion = registered.assertion()
        answers = await asyncio.gather(*(ask(worker, assertion) for worker in (secured, second) * 8))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 15


async def test_two_clients_may_use_the_same_jti(secured, registered, other):
    jti = str(uuid4())
    for one in (registered, other):
        assert (await ask(secured, one.assertion(jti=jti))).status_code == 200


async def test_what_is_not_registered_is_not_given(secured, registered):
    for scope in ("kith/admin", "kith/override kith/restrictions", "system/AuditEvent.rs", "*", "user/*.cruds"):
        await refused(secured, registered.assertion(), "registered", error="invalid_scope", scope=scope)
    answer = await ask(secured, registered.assertion(), "kith/admin system/Consent.r system/*.cruds")
    assert "kith/admin" not in answer.json()["scope"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}, "invalid_client"),
        ({"client_assertion": ""}, "invalid_client"),
        ({"client_assertion": "a.b"}, "invalid_client"),
        ({"client_assertion": "a.b.c.d.e"}, "invalid_client"),
        ({"client_assertion": "é.b.c"}, "invalid_client"),
        ({"client_assertion": "a" * 100_000}, "invalid_client"),
    ],
)
async def test_the_form_is_as_the_protocol_has_it(secured, registered, changed, error):
    answer = await ask(secured, registered.assertion(), **changed)
    assert answer.status_code == 400
    assert errors(answer)[0] == error


async def test_a_parameter_that_is_there_twice_is_refused(secured, registered):
    body = f"grant_type=client_credentials&grant_type=client_credentials&client_assertion_type={ASSERTION_TYPE}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await secured.post(TOKEN_URL, content=f"{body}&client_assertion={registered.assertion()}", headers=headers)
    assert errors(answer) == ("invalid_request", "Each parameter may be there once.")


async def test_json_that_goes_on_for_ever_is_not_followed(secured, registered):
    head = encoded({"alg": "ES384", "kid": registered.key["kid"]})
    deep = base64.urlsafe_b64encode(b"[" * 5_000).rstrip(b"=").decode()
    await refused(secured, f"{head}.{deep}.AAAA", "cannot be read")


async def test_parameters_in_the_url_and_other_bodies_are_refused(secured, registered):
    answer = await secured.post(f"{TOKEN_URL}?client_assertion={registered.assertion()}")
    assert answer.status_code == 415
    assert errors(answer)[0] == "invalid_request"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await secured.post(f"{TOKEN_URL}?scope=a", data={"grant_type": "client_credentials"}, headers=headers)
    assert answer.status_code == 400
    assert (await secured.get(TOKEN_URL)).status_code == 405


def claims_of(assertion):
    body = assertion.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
