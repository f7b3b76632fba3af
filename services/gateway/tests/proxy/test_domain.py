"""The rules about paths, framing, headers and routes."""

import pytest
from gateway.proxy import domain
from gateway.proxy.domain import RouteTable, SegmentTaken
from servicekit.problems import NotFound, RequestRefused, TargetTooLong

HOSTILE_PATHS = [
    b"/api/v1/indicators/../funds",
    b"/api/v1/indicators/./x",
    b"/api/v1/indicators/%2e%2e/funds",
    b"/api/v1/indicators/.%2E/funds",
    b"/api/v1/indicators/..;/funds",
    b"/api/v1/indicators/..;a=b/funds",
    b"/api/v1/indicators/%2e;/funds",
    b"/api/v1/indicators%2f..%2ffunds",
    b"/api/v1/indicators/a%2Fb",
    b"/api/v1/indicators/a%5cb",
    b"/api/v1/indicators/a\\b",
    b"/api/v1/indicators/a%00b",
    b"/api/v1/indicators/a%0d%0ax",
    b"/api/v1/indicators/a%7fb",
    b"/api/v1/indicators/a%252fb",
    b"/api/v1/indicators/%252e%252e/x",
    b"/api/v1/indicators/a%zzb",
    b"/api/v1/indicators/a%2",
    b"/api/v1//indicators",
    b"/api/v1/indicators/",
    b"//api/v1/indicators",
    b"/api/v1/indicators/a b",
    b"/api/v1/indicators/\xe6\xb8\xaf",
    b"/api/v1/indicators/a#b",
    b"/api/v1/indicators/<x>",
    b"http://elsewhere/api/v1/indicators",
]


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_a_path_that_can_be_read_in_two_ways_is_refused(path: bytes) -> None:
    with pytest.raises(RequestRefused):
        domain.check_target(path, b"")


@pytest.mark.parametrize(
    "path",
    [
        b"/api/v1/indicators",
        b"/api/v1/indicators/high-tech-value-added",
        b"/api/v1/enterprises/91410184MA3X.1",
        b"/api/v1/parks/%E6%B8%AF%E5%8C%BA",
        b"/api/v1/progress-reports/0197%20a/submit",
        b"/api/v1/openapi.json",
        b"/api/v1/indicators/...",
    ],
)
def test_an_ordinary_path_passes(path: bytes) -> None:
    domain.check_target(path, b"q=%2F..%00")


def test_a_target_that_is_too_long_is_refused() -> None:
    with pytest.raises(TargetTooLong):
        domain.check_target(b"/api/v1/indicators", b"q=" + b"a" * 9000)


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")],
        [(b"content-length", b"5"), (b"content-length", b"6")],
        [(b"content-length", b"5"), (b"content-length", b"5")],
        [(b"content-length", b"+5")],
        [(b"content-length", b"5, 5")],
        [(b"content-length", b"9" * 30)],
        [(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"identity")],
        [(b"transfer-encoding", b"gzip, chunked")],
        [(b"transfer-encoding", b"xchunked")],
        [(b"host", b"a"), (b"host", b"b")],
    ],
)
def test_a_message_with_two_possible_ends_is_refused(headers: domain.Headers) -> None:
    with pytest.raises(RequestRefused):
        domain.framing_of(headers)


def test_headers_of_one_hop_and_claims_about_the_caller_do_not_travel() -> None:
    sent = [
        (b"connection", b"close, X-Internal"),
        (b"x-internal", b"1"),
        (b"te", b"trailers"),
        (b"transfer-encoding", b"chunked"),
        (b"x-forwarded-for", b"1.2.3.4"),
        (b"x_forwarded_for", b"1.2.3.4"),
        (b"forwarded", b"for=1.2.3.4"),
        (b"x-original-url", b"/api/v1/funds"),
        (b"x-http-method-override", b"DELETE"),
        (b"authorization", b"Bearer t"),
        (b"if-match", b'"3"'),
        (b"x-note", "港区".encode()),
    ]
    assert domain.inward(sent) == [
        (b"authorization", b"Bearer t"),
        (b"if-match", b'"3"'),
        (b"x-note", "港区".encode()),
    ]


def test_a_header_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(RequestRefused):
        domain.inward([(b"x-note", b"\xff\xfe")])


def test_raw_bytes_in_the_query_are_percent_encoded_and_the_rest_is_left_alone() -> None:
    assert domain.quote_query(b"q=%2F&name=\xe6\xb8\xaf") == "q=%2F&name=%E6%B8%AF"


def table() -> RouteTable:
    return RouteTable(["targets", "funding", "parks", "supervision"])


def test_every_segment_of_the_api_has_one_owner() -> None:
    routes = table()
    for service, segments in domain.SEGMENTS.items():
        for segment in segments.split():
            assert routes.route(b"/api/v1/" + segment.encode() + b"/x").service == service


def test_a_job_is_routed_by_the_service_in_its_id() -> None:
    routes = table()
    assert routes.route(b"/api/v1/jobs/parks-0197a").service == "parks"
    for own in (b"/api/v1/jobs/nobody-1", b"/api/v1/jobs", b"/api/v1/jobs/parks"):
        assert routes.route(own).service == "gateway"


def test_two_services_cannot_claim_one_segment() -> None:
    routes = table()
    routes.claim("parks", ["experiments"])
    routes.claim("parks", ["experiments"])
    assert routes.route(b"/api/v1/experiments").service == "parks"
    with pytest.raises(SegmentTaken):
        routes.claim("funding", ["experiments"])
    with pytest.raises(SegmentTaken):
        routes.claim("funding", ["overview"])


def test_operator_paths_and_unknown_resources_have_no_route() -> None:
    for path in (b"/api/v1/metrics", b"/api/v1/livez", b"/api/v1/%69ndicators", b"/api/v1/"):
        with pytest.raises(NotFound):
            table().route(path)


def test_the_resources_of_a_document_leave_out_what_the_gateway_answers() -> None:
    paths = ["/api/v1/parks/{code}", "/api/v1/jobs/{id}", "/api/v1/openapi.json", "/livez"]
    assert domain.first_segments(paths) == {"parks"}
