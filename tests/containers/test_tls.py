"""The same installation with deploy/tls/compose.yml: the door, Postgres and NATS speak TLS, every
process verifies whom it speaks to, and nobody gets in without."""

import datetime
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from servicekit.embedded.ports import free_ports

from tests.containers.conftest import ROOT, Compose

DAY = datetime.timedelta(days=1)


class Authority:
    """Certificates made on the spot."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "trial")])
        own = self._builder(self._name, self._key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        signs = x509.KeyUsage(
            *(False,) * 5,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        # Without it Python 3.13, which is strict, trusts nothing that it signs.
        known_by = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        own = own.add_extension(signs, critical=True).add_extension(known_by, critical=False)
        self.certificate = pem(own.sign(self._key, hashes.SHA256()))

    def _builder(self, subject: x509.Name, public: Any) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        named = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name)
        known = named.public_key(public).serial_number(x509.random_serial_number())
        return (
            known.not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )

    def issue(self, *names: str) -> tuple[str, str]:
        """Certificate and key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
        alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        built = self._builder(subject, key.public_key()).add_extension(alternative, critical=False)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return pem(built.sign(self._key, hashes.SHA256())), private.decode()


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def tls(compose: Compose, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    there = tmp_path_factory.mktemp("tls")
    authority = Authority()
    (there / "authority").write_text(authority.certificate)
    for name in ("postgres", "nats"):
        certificate, key = authority.issue(name)
        (there / f"{name}.crt").write_text(certificate)
        (there / f"{name}.key").write_text(key)
    (there / "door.pem").write_text("".join(authority.issue("localhost")))
    (port,) = free_ports(1)
    files = f"{ROOT}/docker-compose.yml:{ROOT}/deploy/tls/compose.yml"
    env = {**compose.env, "COMPOSE_FILE": files, "KECHUANG_TLS": str(there)}
    env["KECHUANG_TLS_PORT"] = str(port)
    secured = replace(compose, env=env, url=f"https://localhost:{port}")
    secured.up()
    yield secured
    compose.up()


def test_callers_reach_the_door_by_tls_alone_and_know_it(tls: Compose) -> None:
    trusted = ssl.create_default_context(cafile=Path(tls.env["KECHUANG_TLS"]) / "authority")
    with httpx.Client(verify=trusted, trust_env=False) as client:
        assert client.get(f"{tls.url}/api/v1/openapi.json").status_code == 200
        with pytest.raises(httpx.ConnectError, match=r"Hostname mismatch|IP address mismatch"):
            client.get(tls.url.replace("localhost", "127.0.0.1"))
    with httpx.Client(trust_env=False) as stranger, pytest.raises(httpx.ConnectError):
        stranger.get(tls.url)


def test_every_connection_to_postgres_is_encrypted(tls: Compose) -> None:
    sql = """SELECT count(*) FILTER (WHERE ssl), count(*) FILTER (WHERE NOT ssl)
             FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL"""
    words = ["exec", "-T", "postgres", "sh", "-c"]
    ask = f'PGPASSWORD=$(cat /run/secrets/postgres_superuser) psql -U postgres -At -c "{sql}"'
    encrypted, plain = tls(*words, ask).strip().split("|")
    print(f"{encrypted} connections with TLS, {plain} without")
    assert int(encrypted) > 9
    assert int(plain) == 0


def test_the_event_server_speaks_to_nobody_without(tls: Compose) -> None:
    ask = """
import asyncio, nats, os
async def main():
    secret = open("/run/secrets/kechuang_nats_password").read().strip()
    given = dict(user="targets", password=secret)
    client = await nats.connect("tls://nats:4222", allow_reconnect=False, **given)
    print(client._transport._io_writer.get_extra_info("cipher")[1])
    await client.close()
    os.environ.pop("SSL_CERT_FILE")
    try:
        await nats.connect("tls://nats:4222", allow_reconnect=False, connect_timeout=3, **given)
    except Exception as error:
        print(type(error).__name__)
asyncio.run(main())
"""
    said = tls("exec", "-T", "targets", "python", "-c", ask).split()
    assert said[0].startswith("TLSv1.")
    assert said[1] == "SSLCertVerificationError"


def test_events_and_the_plan_are_well(tls: Compose) -> None:
    for service in ("targets-worker", "gateway"):
        port = 9000 if service == "gateway" else 8000
        ask = (
            f"import urllib.request as r; print(r.urlopen('http://127.0.0.1:{port}/readyz').read())"
        )
        assert '"ready":true' in tls("exec", "-T", service, "python", "-c", ask)
