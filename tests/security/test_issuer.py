"""Tokens of an external issuer: its keys are fetched within limits, kept, and asked for again when one is unknown."""

import time
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from app.fhir.errors import Unauthorised, Unavailable
from app.security import issuer
from app.security.authentication import On
from app.security.client import Client
from app.security.issuer import Issuer, Trust
from app.security.keys import public
from app.security.scopes import parse
from tests.security.tokens import FromNow, rsa, signed

ISSUER, AUDIENCE, URL = "https://issuer.example", "https://kith.example", "https://issuer.example/keys"
KEY = rsa("RS256")
MADE = datetime(2026, 1, 1, tzinfo=UTC)
EPR = Client("epr", "EPR", "RX1", parse("system/*.rs"), made=MADE, tokens_from=MADE)


class Keys:
    """The issuer's side: what it publishes, and how often it was asked."""

    def __init__(self, *published):
        self.published = {"keys": [public(key) for key in published]}
        self.asked = 0
        self.answer = None

    def __call__(self, request):
        assert str(request.url) == URL
        assert "authorization" not in request.headers
        self.asked += 1
        return self.answer or httpx.Response(200, json=self.published)


class Registered:
    def __init__(self, *clients):
        self.clients = {client.id: client for client in clients}

    async def find(self, id_):
        return self.clients.get(id_)


def service(keys, *clients, **trust):
    trusted = Trust(ISSUER, AUDIENCE, URL, **trust)
    return On(Registered(*(clients or (EPR,))), None, Issuer(trusted, httpx.MockTransport(keys)))


def claims(**changed):
    now = int(time.time())
    written = {"iss": ISSUER, "aud": AUDIENCE, "client_id": "epr", "scope": "system/Consent.cruds kith/admin"}
    written |= {"iat": now, "nbf": now, "exp": now + 300, "jti": str(uuid4())} | changed
    return {name: value for name, value in written.items() if value is not None}


def token(key=KEY, **changed):
    return f"Bearer {signed(claims(**changed), key)}"


async def test_a_token_gives_what_it_says_as_far_as_it_is_registered():
    granted = await service(Keys(KEY)).granted(token())
    assert (granted.client, granted.organisation, granted.organisations) == ("epr", "RX1", frozenset({"RX1"}))
    assert str(granted.scopes) == "system/Consent.rs"


async def test_keys_are_fetched_once():
    keys = Keys(KEY)
    served = service(keys)
    for _ in range(3):
        await served.granted(token())
    assert keys.asked == 1


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
async def test_the_algorithms_are_those_that_are_pinned(algorithm):
    key = {name: value for name, value in KEY.items() if name != "alg"}
    assert await service(Keys(key)).granted(f"Bearer {signed(claims(), key, alg=algorithm)}")


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "https://elsewhere.example"},
        {"aud": ["https://elsewhere.example"]},
        {"aud": None},
        {"exp": None},
        {"exp": FromNow(-61)},
        {"nbf": FromNow(120)},
        {"nbf": "now"},
        {"client_id": None},
        {"client_id": "nobody"},
        {"iat": 0},
    ],
)
async def test_each_claim_is_looked_at(changed):
    with pytest.raises(Unauthorised):
        await service(Keys(KEY)).granted(token(**changed))


@pytest.mark.parametrize(
    "changed", [{"aud": [AUDIENCE, "https://other.example"]}, {"exp": FromNow(-30)}, {"nbf": FromNow(30)}]
)
async def test_several_audiences_and_a_minute_of_skew_are_taken(changed):
    assert await service(Keys(KEY)).granted(token(**changed))


async def test_a_new_key_is_asked_for_at_once_and_invented_ones_not_over_and_over(monkeypatch):
    keys, new, next_ = Keys(KEY), rsa("RS256"), rsa("RS256")
    served = service(keys)
    await served.granted(token())
    keys.published["keys"] = [public(new)]
    assert await served.granted(token(new))
    with pytest.raises(Unauthorised):  # whose key is withdrawn is not believed any more
        await served.granted(token(claim="another"))
    for _ in range(5):
        with pytest.raises(Unauthorised):
            await served.granted(token(next_))
    assert keys.asked == 2
    keys.published["keys"].append(public(next_))
    monkeypatch.setattr(issuer, "LOOK_SECONDS", 0.0)
    assert await served.granted(token(next_))
    assert keys.asked == 3


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"Location": "http://169.254.169.254/latest/meta-data"}),
        httpx.Response(500),
        httpx.Response(200, text="no json"),
        httpx.Response(200, json=["no", "keys"]),
        httpx.Response(200, content=b'{"keys": [' + b" " * 300_000 + b"]}"),
    ],
)
async def test_what_is_no_set_of_keys_is_not_followed_and_not_believed(answer):
    keys = Keys(KEY)
    keys.answer = answer
    with pytest.raises(Unavailable):
        await service(keys).granted(token())
    assert keys.asked == 1


async def test_while_the_issuer_is_away_its_keys_are_believed_for_an_hour(monkeypatch):
    keys = Keys(KEY)
    served = service(keys)
    await served.granted(token())
    keys.answer = httpx.Response(503)
    monkeypatch.setattr(issuer, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(issuer, "LOOK_SECONDS", 0.0)
    assert await served.granted(token())
    monkeypatch.setattr(issuer, "STALE_SECONDS", 0.0)
    with pytest.raises(Unavailable):
        await served.granted(token())


@pytest.mark.parametrize("change", [{"use": "enc"}, {"kty": "oct", "k": "c2VjcmV0"}, {"kid": 7}])
async def test_keys_that_are_not_for_this_are_passed_over(change):
    keys = Keys(KEY)
    keys.published["keys"] = [{**public(KEY), **change}]
    with pytest.raises(Unauthorised):
        await service(keys).granted(token())


@pytest.mark.filterwarnings("ignore:Key size")  # joserfc warns of the weak key that is to be passed over
async def test_a_weak_key_of_the_issuer_is_passed_over():
    weak = rsa("RS256", bits=1024)
    with pytest.raises(Unauthorised):
        await service(Keys(weak)).granted(token(weak))


async def test_claims_have_the_names_that_the_settings_give_them():
    served = service(Keys(KEY), client_claim="azp", scope_claim="scp")
    granted = await served.granted(token(client_id=None, scope=None, azp="epr", scp=["system/Consent.r", 7]))
    assert str(granted.scopes) == "system/Consent.r"


async def test_with_an_organisation_claim_a_client_need_not_be_registered():
    keys = Keys(KEY)
    served = service(keys, organisation_claim="ods")
    granted = await served.granted(token(client_id="new", ods="RX7", scope="system/Consent.r"))
    assert granted.organisations == frozenset({"RX7"})
    with pytest.raises(Unauthorised):
        await served.granted(token(client_id="epr", ods="RX7"))
    with pytest.raises(Unauthorised):
        await served.granted(token(client_id="new"))
