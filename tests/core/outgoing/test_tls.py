import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.core.outgoing.receivers import answer, opened, receiver
from workloom.core.outgoing import Outgoing, Unreachable
from workloom.core.outgoing.wire import system_trust

OK = answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
NAMES: list[x509.GeneralName] = [x509.DNSName("hooks.example.org"), x509.IPAddress(ip_address("127.0.0.1"))]


def certificate(names: list[x509.GeneralName], *, days: int = 1) -> tuple[bytes, bytes]:
    """A certificate that signs itself, with its key, both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=9))
        .not_valid_after(datetime.now(UTC) + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.public_bytes(pem), plain


def server_side(cert: bytes, key: bytes, folder: Path) -> ssl.SSLContext:
    file = folder / "server.pem"
    file.write_bytes(cert + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def client_for(*, trusted: bytes) -> Outgoing:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(cadata=trusted.decode())
    return opened(trust=trust, resolve=lambda *_: ["127.0.0.1"])


def test_the_certificate_is_checked_for_the_name_though_the_connection_is_to_an_address(tmp_path: Path) -> None:
    cert, key = certificate(NAMES)
    context, asked = server_side(cert, key, tmp_path), []
    context.sni_callback = lambda _, name, __: asked.append(name)
    with receiver(OK, tls=context) as found:
        client = client_for(trusted=cert)
        for host in ("hooks.example.org", "127.0.0.1"):
            assert client.send("GET", found.url(scheme="https", host=host), headers={}).body_start == b"ok"
    assert asked == ["hooks.example.org", None]


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    cert, key = certificate([x509.DNSName("other.example.org")])
    with receiver(OK, tls=server_side(cert, key, tmp_path)) as found, pytest.raises(Unreachable) as failure:
        client_for(trusted=cert).send("POST", found.url(scheme="https", host="hooks.example.org"), headers={})
    assert failure.value.code == "certificate"
    assert "not valid for 'hooks.example.org'" in failure.value.detail
    assert found.requests == []


def test_a_certificate_that_is_over_is_refused(tmp_path: Path) -> None:
    cert, key = certificate(NAMES, days=-1)
    with receiver(OK, tls=server_side(cert, key, tmp_path)) as found, pytest.raises(Unreachable) as failure:
        client_for(trusted=cert).send("POST", found.url(scheme="https", host="hooks.example.org"), headers={})
    assert (failure.value.code, "expired" in failure.value.detail) == ("certificate", True)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    cert, key = certificate(NAMES)
    with receiver(OK, tls=server_side(cert, key, tmp_path)) as found, pytest.raises(Unreachable) as failure:
        opened().send("POST", found.url(scheme="https"), headers={})
    assert failure.value.code == "certificate"
    assert found.requests == []


def test_a_port_without_tls_is_unreachable() -> None:
    with (
        receiver(answer(b"HTTP/1.1 400 Bad Request\r\n\r\n"), reads=False) as found,
        pytest.raises(Unreachable) as failure,
    ):
        opened().send("GET", found.url(scheme="https"), headers={})
    assert failure.value.code in {"no_tls", "broken"}


def test_the_trust_of_the_system_checks_names_and_takes_no_old_protocol() -> None:
    trust = system_trust()
    assert trust.check_hostname
    assert trust.verify_mode == ssl.CERT_REQUIRED
    assert trust.minimum_version >= ssl.TLSVersion.TLSv1_2
