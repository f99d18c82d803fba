"""Every way to write an address that two readers could understand differently, and what is said about it."""

import string
import time
from ipaddress import ip_network
from urllib.parse import urlsplit

import httpx2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workloom.core.errors import Invalid
from workloom.core.outgoing import check_url

HOSTILE = {
    # not a web address
    "": "url_form",
    "hooks.example.org": "url_form",
    "//hooks.example.org/": "url_form",
    "http:hooks.example.org": "url_form",
    "http:/hooks.example.org": "url_form",
    "https://": "url_host",
    "https:///path": "url_host",
    "ftp://hooks.example.org/": "url_scheme",
    "file://hooks.example.org/x": "url_scheme",
    "gopher://hooks.example.org/": "url_scheme",
    "javascript://hooks.example.org/": "url_scheme",
    "unix://var/run/docker.sock": "url_scheme",
    # what readers see or do not see
    " https://hooks.example.org/": "url_form",
    "https://hooks.example.org/ ": "url_form",
    "https://hooks.example.org/a b": "url_form",
    "https://hooks.example.org/\r\nHost: evil": "url_form",
    "https://hooks.example.org/\n": "url_form",
    "https://hooks.example.org\t/": "url_form",
    "https://hooks.example.org\x00.evil.org/": "url_form",
    "https://hooks.example.org\\@127.0.0.1/": "url_form",
    "https:\\\\127.0.0.1\\": "url_form",
    "https://local\u00adhost/": "url_form",
    "https://local\u200bhost/": "url_form",
    "https://hooks.example.org/\u202egpj": "url_form",
    "https://hooks.example.org/\ud800": "url_form",
    "https://hooks.example.org/ü": "url_form",
    # parts that have no place here
    "https://me@hooks.example.org/": "url_user",
    "https://me:secret@hooks.example.org/": "url_user",
    "https://hooks.example.org@127.0.0.1/": "url_user",
    "https://@127.0.0.1/": "url_user",
    "https://hooks.example.org/#part": "url_fragment",
    "https://hooks.example.org#@127.0.0.1/": "url_fragment",
    # ports
    "https://hooks.example.org:/": "url_port",
    "https://hooks.example.org:0/": "url_port",
    "https://hooks.example.org:22/": "url_port",
    "https://hooks.example.org:25/": "url_port",
    "https://hooks.example.org:6379/": "url_port",
    "https://hooks.example.org:6667/": "url_port",
    "https://hooks.example.org:65536/": "url_port",
    "https://hooks.example.org:0443/": "url_port",
    "https://hooks.example.org:+443/": "url_port",
    "https://hooks.example.org:４４３/": "url_port",
    "https://hooks.example.org:443:80/": "url_host",
    "https://[2606:4700::1111]:22/": "url_port",
    # hosts
    "https://hooks..example.org/": "url_host",
    "https://.example.org/": "url_host",
    "https://hooks.example.org./": "url_host",
    "https://localhost./": "url_host",
    "https://-hooks.example.org/": "url_host",
    "https://hooks-.example.org/": "url_host",
    "https://hooks,example.org/": "url_host",
    "https://%6c%6f%63%61%6c%68%6f%73%74/": "url_host",
    "https://%31%32%37.0.0.1/": "url_address",
    "https://" + "a" * 64 + ".org/": "url_host",
    "https://" + "a." * 126 + "org/": "url_host",
    "https://" + "ü" * 300 + ".org/": "url_host",
    "https://hooks.example.org／@127.0.0.1": "url_user",
    "https://127.0.0.1／.example.org/": "url_host",
    "https://127.0.0.1：80/": "url_host",
    "https://evil.org＠127.0.0.1/": "url_host",
    "https://[::1/": "url_host",
    "https://[::1]evil.org/": "url_host",
    "https://::1/": "url_host",
    "https://localhost/": "url_closed",
    "https://LOCALHOST:8443/": "url_closed",
    "https://ｌｏｃａｌｈｏｓｔ/": "url_closed",
    "https://anything.localhost/": "url_closed",
    # IPv4 in forms that some readers take
    "http://2130706433/": "url_address",
    "http://0x7f000001/": "url_address",
    "http://0x7f.0.0.1/": "url_address",
    "http://0X7F.1/": "url_address",
    "http://017700000001/": "url_address",
    "http://0177.0.0.1/": "url_address",
    "http://127.0.0.01/": "url_address",
    "http://127.1/": "url_address",
    "http://127.0.1/": "url_address",
    "http://0/": "url_address",
    "http://0x/": "url_address",
    "http://127.0.0.1./": "url_address",
    "http://127.0.0.1.1/": "url_address",
    "http://256.0.0.1/": "url_address",
    "http://127.0.0.0x1/": "url_address",
    "http://4294967296/": "url_address",
    "http://evil.1/": "url_address",
    "http://１２７．０．０．１/": "url_closed",
    "http://127。0。0。1/": "url_closed",
    "http://①②⑦.⓪.⓪.①/": "url_closed",
    # IPv4 that is closed
    "http://127.0.0.1/": "url_closed",
    "http://127.255.255.254/": "url_closed",
    "http://0.0.0.0/": "url_closed",
    "http://0.1.2.3/": "url_closed",
    "http://100.100.100.200/": "url_closed",
    "http://239.255.255.250:1900/": "url_closed",
    "http://10.1.2.3/": "url_closed",
    "http://172.16.0.1/": "url_closed",
    "http://172.31.255.255/": "url_closed",
    "http://192.168.1.1/": "url_closed",
    "http://100.64.0.1/": "url_closed",
    "http://169.254.169.254/latest/meta-data/": "url_closed",
    "http://168.63.129.16/": "url_closed",
    "http://192.0.0.192/": "url_closed",
    "http://198.18.0.1/": "url_closed",
    "http://203.0.113.9/": "url_closed",
    "http://224.0.0.1/": "url_closed",
    "http://240.0.0.1/": "url_closed",
    "http://255.255.255.255/": "url_closed",
    # IPv6
    "http://[]/": "url_address",
    "http://[::1%25eth0]/": "url_address",
    "http://[fe80::1%eth0]/": "url_address",
    "http://[v1.fe80]/": "url_address",
    "http://[127.0.0.1]/": "url_address",
    "http://[1:2:3]/": "url_address",
    "http://[::]/": "url_closed",
    "http://[::1]/": "url_closed",
    "http://[0:0:0:0:0:0:0:1]/": "url_closed",
    "http://[::127.0.0.1]/": "url_closed",
    "http://[::ffff:127.0.0.1]/": "url_closed",
    "http://[::ffff:7f00:1]/": "url_closed",
    "http://[::ffff:93.184.216.34]/": "url_closed",
    "http://[::ffff:0:127.0.0.1]/": "url_closed",
    "http://[64:ff9b::127.0.0.1]/": "url_closed",
    "http://[64:ff9b::a9fe:a9fe]/": "url_closed",
    "http://[::ffff:169.254.169.254]/": "url_closed",
    "http://[2002:a9fe:a9fe::1]/": "url_closed",
    "http://[100::1]/": "url_closed",
    "http://[5f00::1]/": "url_closed",
    "http://[fe80::1%25lo]:8080/": "url_address",
    "http://[64:ff9b:1::7f00:1]/": "url_closed",
    "http://[2002:7f00:1::]/": "url_closed",
    "http://[2001:0:7f00:1::1]/": "url_closed",
    "http://[2001:db8::1]/": "url_closed",
    "http://[3fff::1]/": "url_closed",
    "http://[fc00::1]/": "url_closed",
    "http://[fd00:ec2::254]/": "url_closed",
    "http://[fe80::1]/": "url_closed",
    "http://[fec0::1]/": "url_closed",
    "http://[ff02::1]/": "url_closed",
    "http://[4000::1]/": "url_closed",
}

GOOD = {
    "https://hooks.example.org/path?x=1&y=%20": ("https://hooks.example.org/path?x=1&y=%20", "hooks.example.org", 443),
    "HTTPS://Hooks.Example.ORG": ("https://hooks.example.org/", "hooks.example.org", 443),
    "https://hooks.example.org:443/": ("https://hooks.example.org/", "hooks.example.org", 443),
    "http://hooks.example.org:443/": ("http://hooks.example.org:443/", "hooks.example.org", 443),
    "http://hooks.example.org?x=1": ("http://hooks.example.org/?x=1", "hooks.example.org", 80),
    "https://hooks.example.org:8443/a/../b": ("https://hooks.example.org:8443/a/../b", "hooks.example.org", 8443),
    "https://my_hook:5678/": ("https://my_hook:5678/", "my_hook", 5678),
    "https://bücher.example/": ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443),
    "https://xn--bcher-kva.example/": ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443),
    "https://例え。テスト/": ("https://xn--r8jz45g.xn--zckzah/", "xn--r8jz45g.xn--zckzah", 443),
    "https://0x7f.example.org/": ("https://0x7f.example.org/", "0x7f.example.org", 443),
    "https://hooks.example.org/x@y:z": ("https://hooks.example.org/x@y:z", "hooks.example.org", 443),
    "http://93.184.216.34/": ("http://93.184.216.34/", "93.184.216.34", 80),
    "http://[2606:4700:0:0::1111]:8080/": ("http://[2606:4700::1111]:8080/", "2606:4700::1111", 8080),
}


@pytest.mark.parametrize(("url", "code"), HOSTILE.items())
def test_a_form_that_can_be_misread_is_refused_with_a_reason(url: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_url(url, field="target")
    assert [(error.field, error.code) for error in refusal.value.errors] == [("target", code)]
    assert refusal.value.status == 400
    assert refusal.value.detail.endswith((".", "//", "]/."))


@pytest.mark.parametrize(("url", "expected"), GOOD.items())
def test_a_plain_address_gets_its_one_form(url: str, expected: tuple[str, str, int]) -> None:
    target = check_url(url)
    assert (target.url, target.host, target.port) == expected
    assert check_url(target.url) == target


@given(
    st.text("a1.:@/\\?#[]%\t -_０。", max_size=12), st.text(string.printable + "ü\u2028", max_size=12).map("/{}".format)
)
@example("a:80", "/%zz%25")
@example("[2606:4700::1111]", "//a@b:80/[x]")
def test_what_passes_means_the_same_host_to_other_readers(authority: str, rest: str) -> None:
    try:
        target = check_url(f"http://{authority}{rest}")
    except Invalid:
        return
    sent, split = httpx2.URL(target.url), urlsplit(target.url)
    assert (sent.raw_host.decode(), sent.port or 80) == (target.host, target.port)
    assert (split.hostname, split.port or 80) == (target.host, target.port)
    assert not sent.userinfo


def test_an_installation_may_insist_on_https() -> None:
    with pytest.raises(Invalid) as refusal:
        check_url("http://hooks.example.org/", https_only=True)
    assert refusal.value.errors[0].code == "url_scheme"
    assert check_url("https://hooks.example.org/", https_only=True).port == 443


def test_an_opened_network_opens_its_addresses_and_no_odd_form_of_them() -> None:
    allowed = [ip_network("127.0.0.1/32")]
    assert check_url("http://127.0.0.1:8080/", allowed=allowed).host == "127.0.0.1"
    for url in ("http://127.0.0.2:8080/", "http://2130706433:8080/", "http://[::ffff:127.0.0.1]:8080/"):
        with pytest.raises(Invalid):
            check_url(url, allowed=allowed)


def test_an_address_as_long_as_may_be_is_judged_at_once() -> None:
    began = time.perf_counter()
    for character in ("ü", "ﷺ", "1", "a.", "[", ":", "%", "é."):
        with pytest.raises(Invalid):
            check_url("http://" + character * 1000)
    with pytest.raises(Invalid) as refusal:
        check_url("https://hooks.example.org/" + "a" * 2048)
    assert refusal.value.errors[0].code == "url_length"
    assert time.perf_counter() - began < 0.5
