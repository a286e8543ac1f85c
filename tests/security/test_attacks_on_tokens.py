"""Attacks on whatever takes an access token: forged, stretched, misplaced, doubled and oversized ones."""

import asyncio
import base64
import json
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.security import keys
from app.security.signing import SigningKeys
from app.storage.pool import Database
from app.storage.signing_keys import StoredSigningKeys
from tests.conftest import running
from tests.record.examples import issue
from tests.security.tokens import ROOT, FromNow, Registered, bearer, register, signed


@pytest.fixture(scope="module")
async def service_key(secured, registered, module_database_url):
    """The private key of the service, as if it had been stolen: to forge tokens that are wrong in one way alone."""
    await registered.token(secured)
    database = Database(module_database_url, size=1)
    await database.open()
    every = await StoredSigningKeys(database).every()
    await database.close()
    return every[max(every)]


def claims(registered, **changed):
    now = int(time.time())
    written = {"iss": ROOT, "aud": ROOT, "sub": registered.id, "client_id": registered.id, "scope": "system/*.cruds"}
    written |= {"iat": now, "exp": now + 300, "jti": str(uuid4())} | changed
    return {name: value for name, value in written.items() if value is not None}


async def refused(secured, token, code="security"):
    answer = await secured.get("/Consent", headers=bearer(token))
    assert answer.status_code == 401, answer.text
    assert issue(answer)["code"] == code
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    return issue(answer)["diagnostics"]


async def test_what_is_forged_here_would_be_good_if_nothing_were_wrong_with_it(secured, registered, service_key):
    token = signed(claims(registered), service_key, typ="at+jwt")
    assert (await secured.get("/Consent", headers=bearer(token))).status_code == 200


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iss": "https://elsewhere.example"}, "security"),
        ({"aud": "https://elsewhere.example"}, "security"),
        ({"aud": None}, "security"),
        ({"exp": None}, "security"),
        ({"iat": None}, "security"),
        ({"exp": FromNow(-1)}, "expired"),
        ({"exp": "9999999999"}, "security"),
        ({"client_id": None}, "security"),
        ({"client_id": "nobody"}, "security"),
        ({"client_id": "a\0"}, "security"),
        ({"iat": 0}, "security"),
    ],
)
async def test_each_claim_is_looked_at(secured, registered, service_key, changed, code):
    await refused(secured, signed(claims(registered, **changed), service_key, typ="at+jwt"), code)


async def test_other_keys_algorithms_and_kinds_of_token_are_refused(secured, registered, service_key):
    good = claims(registered)
    own = keys.generate()
    await refused(secured, signed(good, own, typ="at+jwt"))
    await refused(secured, signed(good, {**own, "kid": service_key["kid"]}, typ="at+jwt"))
    await refused(secured, signed(good, service_key, typ="JWT"))
    await refused(secured, registered.assertion())
    head = base64.urlsafe_b64encode(
        json.dumps({"alg": "none", "kid": service_key["kid"], "typ": "at+jwt"}).encode()
    ).rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(good).encode()).rstrip(b"=")
    for signature in ("", "AA"):
        await refused(secured, f"{head.decode()}.{body.decode()}.{signature}")


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_token_of_which_a_letter_is_changed_is_refused(secured, registered, place):
    parts = (await registered.token(secured)).split(".")
    middle = len(parts[place]) // 2
    letter = "A" if parts[place][middle] != "A" else "B"
    parts[place] = parts[place][:middle] + letter + parts[place][middle + 1 :]
    await refused(secured, ".".join(parts))


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "....", "a" * 9_000, "a.b.c.d.e", "é.é.é", "\u0000", "null", "-", "%00", "a b c"]
)
async def test_what_is_no_token_is_refused(secured, token):
    answer = await secured.get("/Consent", headers=[(b"Authorization", f"Bearer {token}".encode())])
    assert answer.status_code in (400, 401), answer.text


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "bearer\t x", "Token x", "DPoP x"])
async def test_other_ways_to_say_who_one_is_are_refused(secured, header):
    answer = await secured.get("/Consent", headers={"Authorization": header})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


async def test_the_scheme_is_bearer_in_any_case(secured, registered):
    token = await registered.token(secured)
    assert (await secured.get("/Consent", headers={"Authorization": f"bEARER {token}"})).status_code == 200


async def test_a_token_in_the_url_or_a_form_is_refused_and_kept_nowhere(secured, registered, connection_to):
    token = await registered.token(secured)
    for url in (
        f"/Consent?access_token={token}",
        f"/Consent?%61ccess_token={token}",
        f"/nothing?a=b&access_token={token}",
    ):
        answer = await secured.get(url, headers=bearer(token))
        assert answer.status_code == 400
        assert token not in answer.text
        assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]
    form = {"Content-Type": "application/x-www-form-urlencoded", **bearer(token)}
    answer = await secured.post("/Consent/_search", data={"access_token": token}, headers=form)
    assert answer.status_code == 400
    assert not await connection_to("SELECT FROM audit WHERE query LIKE $1 OR outcome LIKE $1", f"%{token[-40:]}%")


async def test_two_authorization_headers_are_refused(secured, registered):
    token = await registered.token(secured)
    for values in ((token, token), (token, "x"), ("x", token)):
        headers = [("Authorization", f"Bearer {value}") for value in values]
        answer = await secured.get("/Consent", headers=headers)
        assert answer.status_code == 400
        assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


async def test_a_token_of_another_service_on_the_same_database_is_refused(secured, registered, module_database_url):
    token = await registered.token(secured)
    async with running(module_database_url, authentication="on", base_url="http://other.test") as other:
        answer = await other.get("/Consent", headers=bearer(token))
    assert answer.status_code == 401


async def test_a_token_never_gives_more_than_is_registered_now(secured, service_key, module_database_url):
    one = Registered(scopes="kith/check")
    await register(module_database_url, one)
    token = signed(claims(one, scope="system/*.cruds kith/admin kith/check"), service_key, typ="at+jwt")
    assert (await secured.get("/Consent", headers=bearer(token))).status_code == 403


async def test_refusals_without_end_are_told_to_stop_and_fill_no_trail(module_database_url, connection_to):
    settings = {"authentication": "on", "base_url": ROOT, "refusals_per_second": 0.5}
    async with running(module_database_url, **settings) as flooded:
        answers = [await flooded.get("/Consent/flood") for _ in range(30)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert issue(answers[-1])["code"] == "throttled"
    [row] = await connection_to("SELECT count(*) AS rows FROM audit WHERE query LIKE '%/Consent/flood'")
    assert row["rows"] < 30


async def test_asking_for_tokens_without_end_is_told_to_stop(module_database_url):
    settings = {"authentication": "on", "base_url": ROOT, "token_requests_per_second": 0.5}
    async with running(module_database_url, **settings) as flooded:
        answers = [await flooded.post(f"{ROOT}/oauth2/token", data={}) for _ in range(30)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_workers_that_make_a_key_at_once_make_the_same(module_database_url):
    database = Database(module_database_url, size=4)
    await database.open()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    workers = [SigningKeys(StoredSigningKeys(database)) for _ in range(6)]
    made = await asyncio.gather(*(worker.signing(tomorrow) for worker in workers))
    assert len({jwk["kid"] for jwk in made}) == 1
    assert await workers[0].verifying("unknown") is None
    await database.close()
