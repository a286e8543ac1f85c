"""TLS by settings: what is served, to whom, and what is said about files that are no good."""

import asyncio
import pickle
import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
import trustme
import uvicorn
from cryptography.hazmat.primitives import serialization
from typer.testing import CliRunner

from app import config, tls
from app.cli import kith
from app.serve import _uvicorn

pytestmark = pytest.mark.usefixtures("logging_as_it_was")
PASSWORD = b"a very long word"


@dataclass
class Files:
    """Certificates and keys of a test, as an operator would have them."""

    folder: Path
    authority: trustme.CA
    certificate: Path
    key: Path

    def settings(self, **more: object) -> config.Settings:
        return config.load(tls_certificate_file=str(self.certificate), tls_key_file=str(self.key), **more)

    def holding(self, content: bytes) -> Path:
        file = self.folder / "other.pem"
        file.write_bytes(content)
        return file


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    own = authority.issue_cert("127.0.0.1", "localhost")
    own.private_key_pem.write_to_path(folder / "key.pem")
    for blob in own.cert_chain_pems:
        blob.write_to_path(folder / "chain.pem", append=True)
    return Files(folder, authority, folder / "chain.pem", folder / "key.pem")


async def scheme(scope, receive, send):
    """Answers with the scheme by which it was asked, and who asked."""
    answer = f"{scope['scheme']} {scope['client'][0]}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]})
    await send({"type": "http.response.body", "body": answer})


@asynccontextmanager
async def serving(settings: config.Settings) -> Iterator[int]:
    """The port of a server with the TLS of the settings, and an application of the test's."""
    chosen = _uvicorn(settings)
    chosen.app, chosen.factory, chosen.lifespan, chosen.port, chosen.workers = scheme, False, "off", 0, 1
    chosen.log_config = None
    server = uvicorn.Server(chosen)
    server.capture_signals = suppress  # the signals are pytest's
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


def trusting(files: Files, change: Callable[[ssl.SSLContext], object] = lambda _: None) -> httpx.AsyncClient:
    """A client that believes the authority of the tests."""
    context = ssl.create_default_context()
    files.authority.configure_trust(context)
    change(context)
    return httpx.AsyncClient(verify=context)


async def test_https_is_served_to_whoever_trusts_its_authority(files):
    async with serving(files.settings()) as port, trusting(files) as client:
        answer = await client.get(f"https://127.0.0.1:{port}/")
        assert answer.text == "https 127.0.0.1"
        assert "server" not in answer.headers
        async with httpx.AsyncClient() as stranger:
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await stranger.get(f"https://127.0.0.1:{port}/")
            with pytest.raises(httpx.HTTPError):
                await stranger.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(("version", "served"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
async def test_what_is_older_than_tls_1_2_is_not_spoken(files, version, served):
    def only(context):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python says of TLS 1.1 what this test says
            context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
        context.set_ciphers("ALL:@SECLEVEL=0")

    async with serving(files.settings()) as port, trusting(files, only) as client:
        if served:
            assert (await client.get(f"https://127.0.0.1:{port}/")).status_code == 200
            return
        with pytest.raises(httpx.ConnectError):
            await client.get(f"https://127.0.0.1:{port}/")


async def test_with_an_authority_for_clients_nobody_else_is_let_in(files):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(files.folder / "clients.pem")
    known, forged = authority.issue_cert("epr.example"), trustme.CA().issue_cert("epr.example")
    settings = files.settings(tls_client_ca_file=str(files.folder / "clients.pem"))
    async with serving(settings) as port:
        async with trusting(files, known.configure_cert) as client:
            assert (await client.get(f"https://127.0.0.1:{port}/")).status_code == 200
        for change in (forged.configure_cert, lambda _: None):
            async with trusting(files, change) as client:
                with pytest.raises(httpx.HTTPError):
                    await client.get(f"https://127.0.0.1:{port}/")


async def test_a_key_with_a_password_is_opened_with_it(files):
    key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(PASSWORD)
    )
    (files.folder / "locked.pem").write_bytes(locked)
    (files.folder / "password").write_bytes(PASSWORD + b"\n")
    chosen = Files(files.folder, files.authority, files.certificate, files.folder / "locked.pem")
    assert tls.context(chosen.settings(tls_key_password_file=str(files.folder / "password")))
    for wrong in ("", str(files.holding(b"another word"))):
        with pytest.raises(
            config.SettingsError, match=r"^KITH_TLS_KEY_FILE: .*it needs its password in KITH_TLS_KEY_PAS"
        ):
            tls.context(chosen.settings(tls_key_password_file=wrong))


@pytest.mark.parametrize(
    ("variable", "content", "said"),
    [
        (tls.CERTIFICATE, None, "No such file or directory"),
        (tls.CERTIFICATE, b"", "it is empty"),
        (tls.CERTIFICATE, b"\x30\x82", "it is no text"),
        (tls.CERTIFICATE, b"no certificate", "it holds no certificates in PEM"),
        (tls.CERTIFICATE, "key", "it holds no certificates in PEM"),
        (tls.KEY, None, "No such file or directory"),
        (tls.KEY, b"no key", "it holds no private key in PEM"),
        (tls.KEY, "another key", "it is not the key of"),
        (tls.PASSWORD, None, "No such file or directory"),
        (tls.CLIENT_CA, b"no certificate", "it holds no certificates in PEM"),
    ],
)
def test_a_file_that_is_no_good_is_one_line_that_names_it(files, tmp_path, variable, content, said):
    file = tmp_path / "file.pem"
    if content is not None:
        other = trustme.CA().issue_cert("other.example").private_key_pem.bytes()
        file.write_bytes({"key": files.key.read_bytes(), "another key": other}.get(content, content))
    environment = {tls.CERTIFICATE: str(files.certificate), tls.KEY: str(files.key), "KITH_DATA": str(tmp_path)}
    ended = CliRunner(env=environment | {variable: str(file)}).invoke(kith, ["serve"])
    assert ended.exit_code == 2
    assert ended.stderr.startswith(f"kith: {variable}: {file}: {said}")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("proxy", "seen"),
    [
        ("", "http 127.0.0.1"),
        ("127.0.0.1", "https 192.0.2.9"),
        ("127.0.0.0/8 10.0.0.0/24", "https 192.0.2.9"),
        ("10.0.0.0/24", "http 127.0.0.1"),
    ],
)
async def test_what_is_said_about_the_caller_is_believed_of_the_proxy_alone(proxy, seen):
    # What the caller itself says comes first; the proxy adds whom it sees.
    said = {"X-Forwarded-For": "203.0.113.1, 192.0.2.9", "X-Forwarded-Proto": "https"}
    async with serving(config.load(tls_proxy=proxy)) as port, httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/", headers=said)).text == seen


def test_what_a_worker_is_told_can_be_handed_to_another_process(files):
    made = pickle.loads(pickle.dumps(partial(tls.of_worker, files.settings())))(None, None)
    assert made.minimum_version is ssl.TLSVersion.TLSv1_2
    assert made.verify_mode is ssl.CERT_NONE
