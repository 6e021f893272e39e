"""Who may call: the tokens that EHRs sign, and those that nobody may use."""

import base64
import hashlib
import hmac
import json
import time
import uuid

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.routing import Mount

from b12labs.integrations.server import Settings, SettingsError, create_app
from b12labs.integrations.server.settings import Client, RequestLimits

URL = "https://cds.example.org/b12"
ISSUER = "https://ehr.example.org/fhir"
EC, RSA, STRANGER = (
    ec.generate_private_key(ec.SECP384R1()),
    rsa.generate_private_key(65537, 2048),
    ec.generate_private_key(ec.SECP384R1()),
)


def jwk(algorithm, private, kid):
    kind = jwt.algorithms.ECAlgorithm if algorithm.startswith("ES") else jwt.algorithms.RSAAlgorithm
    return {**kind.to_jwk(private.public_key(), as_dict=True), "kid": kid, "alg": algorithm}


KEYS = {"keys": [jwk("ES384", EC, "ec"), jwk("RS384", RSA, "rsa")]}


@pytest.fixture
def keys_file(tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(KEYS), encoding="utf-8")
    return path


@pytest.fixture
def call(keys_file):
    """Return a function that calls discovery with a token, and returns the status and what the outcome says."""
    app = create_app(
        Settings(
            url=URL,
            clients=[
                Client(issuer=ISSUER, jwks=keys_file),
                Client(issuer="other", jwks=keys_file, audience=["typed-in"]),
            ],
        )
    )
    client = TestClient(app)

    def calling(token, path="/cds-services"):
        answered = client.get(path, headers={"authorization": f"Bearer {token}"})
        return answered.status_code, "" if answered.status_code == 200 else answered.json()["issue"][0]["diagnostics"]

    calling.client = client
    return calling


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    from tests.integrations.server.serving import serving  # which signs with the keys of this file

    settings = [f"url = '{URL}'", "used_tokens = 'used.sqlite'"]
    for issuer, audience in ((ISSUER, ""), ("other", "audience = ['typed-in']")):
        settings += ["[[clients]]", f"issuer = '{issuer}'", "jwks = 'keys.json'", audience]
    with serving(tmp_path_factory.mktemp("two"), "\n".join(settings), "--workers", "2") as running:
        yield running


@pytest.fixture(params=["one process", pytest.param("two workers", marks=pytest.mark.long)])
def either(request):
    """Return what `call` returns, for one process and for two that serve together."""
    if request.param == "one process":
        return request.getfixturevalue("call")
    service = request.getfixturevalue("two_workers")

    def calling(token, path="/cds-services"):
        status, _, body = service.call("GET", path, authorization=f"Bearer {token}")
        return status, "" if status == 200 else json.loads(body)["issue"][0]["diagnostics"]

    return calling


def token(private=EC, algorithm="ES384", kid="ec", header=None, **claims):
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": f"{URL}/cds-services", "iat": now, "exp": now + 300, "jti": str(uuid.uuid4())}
    given = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    return jwt.encode(given, private, algorithm, headers={"kid": kid, **(header or {})})


def by_hand(header, claims, sign=lambda _: b""):
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    text = b".".join(parts)
    return b".".join([text, base64.urlsafe_b64encode(sign(text)).rstrip(b"=")]).decode()


def usual():
    return {
        "iss": ISSUER,
        "aud": f"{URL}/cds-services",
        "iat": int(time.time()),
        "exp": int(time.time()) + 300,
        "jti": str(uuid.uuid4()),
    }


@pytest.mark.parametrize(
    "good",
    [
        token,
        lambda: token(RSA, "RS384", "rsa"),
        lambda: token(aud=["https://elsewhere.example.org", f"{URL}/cds-services"]),
        lambda: token(iss="other", aud="typed-in"),
        lambda: token(nbf=int(time.time()) - 300, sub="client-id", tenant="hospital"),
        lambda: token(exp=int(time.time()) - 30),
        lambda: token(iat=int(time.time()) + 30),
        lambda: token(header={"jku": "https://attacker.example.org/keys.json"}),
    ],
    ids=[
        "ES384",
        "RS384",
        "one of several audiences",
        "audience typed in by hand",
        "Epic's nbf and sub",
        "leeway of exp",
        "leeway of iat",
        "jku",
    ],
)
def test_a_token_of_a_client_is_accepted(either, good):
    assert either(good()) == (200, "")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (lambda: by_hand({"alg": "none", "typ": "JWT", "kid": "ec"}, usual()), "expected ES384 or RS384"),
        (
            lambda: by_hand(
                {"alg": "HS384", "typ": "JWT", "kid": "rsa"},
                usual(),
                lambda text: hmac.new(
                    RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), text, hashlib.sha384
                ).digest(),
            ),
            "expected ES384 or RS384",
        ),
        (lambda: token(RSA, "RS256", "rsa"), "expected ES384 or RS384"),
        (lambda: token(aud="https://elsewhere.example.org"), "another audience"),
        (lambda: token(aud=f"{URL}/interpret"), "another audience"),
        (lambda: token(exp=int(time.time()) - 120), "expired"),
        (lambda: token(nbf=int(time.time()) + 120), "not valid yet"),
        (lambda: token(iat=int(time.time()) + 120), "not valid yet"),
        (lambda: token(kid="unknown"), "kid is not a key"),
        (lambda: token(kid="rsa"), "kid is not a key"),
        (lambda: token(STRANGER), "its signature is not valid"),
        (
            lambda: token(STRANGER, header={"jku": "https://attacker.example.org/keys.json"}),
            "its signature is not valid",
        ),
        (lambda: token(iss="https://elsewhere.example.org"), "issuer is not among the clients"),
        (lambda: token(iss="other"), "another audience"),
        (lambda: token(header={"typ": "other"}), "expected the typ JWT"),
        (lambda: token(jti=None), "a claim is missing"),
        (lambda: token(exp=None), "a claim is missing"),
        (lambda: token(jti=""), "jti is not a text"),
        (lambda: token()[:-4] + "AAAA", "its signature is not valid"),
        (lambda: "x" * 9000, "too long"),
        (lambda: "not.a.token", "not a JSON Web Token"),
        (lambda: by_hand({"alg": "ES384", "typ": "JWT", "kid": ["ec"]}, usual()), "not a JSON Web Token"),
        (
            lambda: by_hand({"alg": "ES384", "typ": "JWT", "kid": "ec"}, {**usual(), "iss": ["x"]}),
            "issuer is not among",
        ),
        (lambda: base64.urlsafe_b64encode(b"[" * 4000).decode() + ".e30.e30", "not a JSON Web Token"),
    ],
)
def test_a_token_that_nobody_may_use_is_refused_and_the_refusal_says_why(either, bad, why):
    status, said = either(bad())
    assert status == 401
    assert why in said


def test_a_call_without_a_token_is_refused_on_every_path_but_health(call):
    calls = {
        "/cds-services": "GET",
        "/cds-services/b12-patient-view": "POST",
        "/cds-services/b12-patient-view/feedback": "POST",
        "/interpret": "POST",
        "/v1/interpret": "POST",
    }
    for path, method in calls.items():
        answered = call.client.request(method, path, content="{}", headers={"content-type": "application/json"})
        assert answered.status_code == 401, path
        assert answered.headers["www-authenticate"] == "Bearer"
    assert call.client.get("/health").status_code == 200


def test_a_token_is_for_the_address_that_is_called(call):
    path = "/cds-services/b12-patient-view/feedback"
    headers = {"authorization": f"Bearer {token(aud=URL + path)}", "content-type": "application/json"}
    assert call.client.post(path, content='{"feedback": []}', headers=headers).status_code == 200


def test_a_token_is_used_once(either):
    once = token()
    assert either(once) == (200, "")
    assert either(once) == (401, "the token is refused: it was used before")


def test_a_token_that_is_refused_is_not_used_up(call):
    wrong = token(jti="the-same", aud="https://elsewhere.example.org")
    assert call(wrong)[0] == 401
    assert call(token(jti="the-same"))[0] == 200


def test_the_same_jti_of_two_issuers_is_two_tokens(call):
    assert call(token(jti="the-same"))[0] == 200
    assert call(token(jti="the-same", iss="other", aud="typed-in"))[0] == 200


@pytest.mark.parametrize("lasts", [301, 10**9, 10**400, 1e308])
def test_a_token_that_lasts_longer_than_five_minutes_is_refused(call, lasts):
    status, said = call(token(exp=int(time.time()) + lasts if isinstance(lasts, int) else lasts))
    assert status == 401
    assert "longer than 300 seconds" in said


def test_how_long_a_token_may_last_is_set(keys_file):
    clients = [Client(issuer=ISSUER, jwks=keys_file)]
    client = TestClient(create_app(Settings(url=URL, clients=clients, limits=RequestLimits(token_seconds=3600))))
    hour = token(exp=int(time.time()) + 3600)
    assert client.get("/cds-services", headers={"authorization": f"Bearer {hour}"}).status_code == 200


def test_a_token_is_for_the_address_of_the_service_also_where_it_is_mounted_in_another_application(keys_file):
    service = create_app(Settings(url=URL, clients=[Client(issuer=ISSUER, jwks=keys_file)]))
    client = TestClient(Starlette(routes=[Mount("/b12", service)]))
    for aud, status in ((f"{URL}/cds-services", 200), (f"{URL}/interpret", 401)):
        assert (
            client.get("/b12/cds-services", headers={"authorization": f"Bearer {token(aud=aud)}"}).status_code == status
        )


def test_a_new_key_counts_once_the_file_holds_it(call, keys_file, caplog):
    assert call(token(STRANGER, kid="new"))[0] == 401
    keys_file.write_text(json.dumps({"keys": [*KEYS["keys"], jwk("ES384", STRANGER, "new")]}), encoding="utf-8")
    assert call(token(STRANGER, kid="new"))[0] == 200
    keys_file.write_text("{", encoding="utf-8")
    caplog.clear()
    for _ in range(3):
        assert call(token())[0] == 200, "a file that is being written does not lock everybody out"
    assert [record.message.partition(":")[0] for record in caplog.records if record.levelname == "WARNING"] == [
        "the keys read before stay valid"
    ]


@pytest.mark.parametrize(
    "held",
    [
        "{",
        "[]",
        '{"keys": []}',
        json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "a", "alg": "HS384"}]}),
        json.dumps({"keys": [{key: value for key, value in KEYS["keys"][0].items() if key != "kid"}]}),
        json.dumps({"keys": [jwk("ES256", ec.generate_private_key(ec.SECP256R1()), "p256")]}),
    ],
)
def test_a_file_of_keys_that_cannot_be_used_is_told_before_anything_is_served(tmp_path, held):
    path = tmp_path / "jwks.json"
    path.write_text(held, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"jwks\.json"):
        create_app(Settings(url=URL, clients=[Client(issuer=ISSUER, jwks=path)]))
