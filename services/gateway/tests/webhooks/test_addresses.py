"""Where a webhook may lead: what is on the list, whatever disguise is tried."""

from collections.abc import Sequence

import pytest
from gateway.webhooks.addresses import Allowlist, GuardedResolver, TargetRefused, check_target

ALLOWED = Allowlist(
    "hooks.example.org, *.partner.example, 203.0.113.0/24, 10.20.0.0/16, fd00:20::/32"
)

NAMES = {
    "hooks.example.org": ["93.184.216.34"],
    "a.partner.example": ["93.184.216.34", "2606:2800:220:1::1"],
    "inside.partner.example": ["10.0.0.5"],
    "meta.partner.example": ["169.254.169.254"],
    "loop.partner.example": ["127.0.0.1"],
    "loop6.partner.example": ["::1"],
    "mapped.partner.example": ["::ffff:10.0.0.5"],
    "nat64.partner.example": ["64:ff9b::a00:5"],
    "sixtofour.partner.example": ["2002:a00:5::1"],
    "teredo.partner.example": ["2001:0:a00:5::1"],
    "link.partner.example": ["fe80::1%eth0"],
    "unique.partner.example": ["fd00:99::1"],
    "carrier.partner.example": ["100.64.0.1"],
    "group.partner.example": ["224.0.0.1"],
    "all.partner.example": ["0.0.0.0"],
    "mixed.partner.example": ["93.184.216.34", "10.0.0.5"],
    "nowhere.partner.example": [],
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "ledger.internal": ["10.20.3.4"],
    "other.internal": ["10.21.3.4"],
    "public.other.example": ["93.184.216.34"],
}


async def lookup(host: str, port: int) -> Sequence[str]:
    assert port
    return NAMES.get(host, [])


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/kechuang",
        "https://HOOKS.Example.org:8443/a?b=c",
        "http://a.partner.example/",
        "http://203.0.113.9",
        "https://10.20.255.1:9000/x",
        "http://[fd00:20::7]:8080/",
        "http://[::ffff:203.0.113.9]/",
        "http://ledger.internal/",
    ],
)
async def test_what_is_listed_may_be_sent_to(url: str) -> None:
    await check_target(ALLOWED, url, lookup)


REFUSED = [
    # not listed at all
    "http://public.other.example/",
    "http://partner.example/",
    "http://hooks.example.org.evil.example/",
    "http://evilhooks.example.org/",
    "http://93.184.216.34/",
    "http://10.21.0.1/",
    "http://203.0.114.1/",
    "http://[2606:2800:220:1::1]/",
    "http://other.internal/",
    # inside, by address
    "http://127.0.0.1/",
    "http://127.1.2.3/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/",
    "http://[::1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://255.255.255.255/",
    "http://224.0.0.1/",
    # inside, disguised
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://203.0.113.09/",
    "http://0xcb.0.0x71.9/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1%25eth0]/",
    "http://[::1/",
    "http://[]/",
    # names that lead inside
    "http://localhost/",
    "http://LOCALHOST:8080/",
    "http://localhost.localdomain/",
    "http://inside.partner.example/",
    "http://meta.partner.example/",
    "http://loop.partner.example/",
    "http://loop6.partner.example/",
    "http://mapped.partner.example/",
    "http://nat64.partner.example/",
    "http://sixtofour.partner.example/",
    "http://teredo.partner.example/",
    "http://link.partner.example/",
    "http://unique.partner.example/",
    "http://carrier.partner.example/",
    "http://group.partner.example/",
    "http://all.partner.example/",
    "http://mixed.partner.example/",
    "http://nowhere.partner.example/",
    # read in two ways
    "http://hooks.example.org@127.0.0.1/",
    "http://user:pass@hooks.example.org/",
    "http://hooks.example.org:80@127.0.0.1/",
    "http://127.0.0.1#@hooks.example.org/",
    "http://127.0.0.1\\@hooks.example.org/",
    "http://hooks.example.org\\.evil.example/",
    "http://hooks.example.org#x",
    "http://hooks.example.org./",
    "http://.hooks.example.org/",
    "http://hooks..example.org/",
    "http://hooks.example.org%00.evil.example/",
    "http://hooks%2eexample.org/",
    "http://hooks.example.org /",
    " http://hooks.example.org/",
    "http://hooks.example.org/\r\nHost: inside",
    "http://hooks.example.org\t/",
    "http://ｈooks.example.org/",
    "http://hooks。example.org/",
    "http://①②⑦.⓪.⓪.①/",
    "http://hоoks.example.org/",
    "http://-hooks.example.org/",
    "http:///hooks.example.org/",
    "http:hooks.example.org/",
    "//hooks.example.org/",
    "hooks.example.org",
    "",
    # other schemes and ports
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://hooks.example.org/",
    "unix:///run/docker.sock",
    "javascript:alert(1)",
    "wss://hooks.example.org/",
    "HTTP://hooks.example.org/",
    "http://hooks.example.org:22/",
    "http://hooks.example.org:0/",
    "http://hooks.example.org:65536/",
    "http://hooks.example.org:/",
    "http://hooks.example.org:8080x/",
    "https://hooks.example.org/" + "a" * 2100,
]


@pytest.mark.parametrize("url", REFUSED)
async def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused):
        await check_target(ALLOWED, url, lookup)


def test_enough_disguises_are_tried() -> None:
    assert len(set(REFUSED)) >= 90


@pytest.mark.parametrize("host", NAMES)
async def test_the_connection_gets_only_what_the_check_lets_through(host: str) -> None:
    """The resolver of the connection decides by itself, without the check before it."""
    resolver = GuardedResolver(ALLOWED, lookup)
    fine = {"hooks.example.org", "a.partner.example", "ledger.internal"}
    if host in fine:
        assert [found["host"] for found in await resolver.resolve(host, 80)] == NAMES[host]
    else:
        with pytest.raises(TargetRefused):
            await resolver.resolve(host, 80)


async def test_an_empty_list_allows_nothing() -> None:
    for url in ("http://127.0.0.1/", "https://hooks.example.org/", "http://localhost/"):
        with pytest.raises(TargetRefused):
            await check_target(Allowlist(""), url, lookup)


@pytest.mark.parametrize("entry", ["10.0.0.1/8", "*", "*.", "http://x", "a b", "256.0.0.0/8"])
def test_a_list_with_a_slip_is_not_taken(entry: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Allowlist(f"hooks.example.org, {entry}")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_refusal_says_why(language: str) -> None:
    with pytest.raises(TargetRefused) as refused:
        await check_target(ALLOWED, "http://127.0.0.1/", lookup)
    assert ("清单" in refused.value.text(language)) == (language == "zh")
