"""An EHR on this machine: a FHIR server with the sign-in of SMART App Launch, which keeps to the letter of both."""

import base64
import contextlib
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT = "b12labs-page"


class Ehr:
    """What the EHR holds, how it behaves, and what it was asked for."""

    def __init__(self, resources, *, consent=True, expired=False, without=(), page=100, pkce=True):
        self.resources, self.consent, self.expired = resources, consent, expired
        self.without, self.page, self.pkce = without, page, pkce
        self.asked, self.codes, self.authorized = [], {}, []

    def configuration(self):
        methods = {"code_challenge_methods_supported": ["S256"]} if self.pkce else {}
        return {"authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token", **methods}

    def authorize(self, query):
        """Return where the browser is sent after the sign-in."""
        self.authorized.append(query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["aud"] == f"{self.url}/fhir"
        assert query["code_challenge_method"] == "S256"
        if not self.consent:
            told = {"error": "access_denied", "error_description": "the clinician said no", "state": query["state"]}
        else:
            code = f"code-{len(self.codes)}"
            self.codes[code] = query
            told = {"code": code, "state": query["state"]}
        return f"{query['redirect_uri']}?{urlencode(told)}"

    def token(self, form):
        asked = self.codes.pop(form.get("code"), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or challenge.decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "token",
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": asked["scope"],
            "patient": "1",
        }

    def search(self, kind, query):
        found = [each for each in self.resources if each["resourceType"] == kind]
        start = int(query.get("start", 0))
        bundle = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(found),
            "entry": [{"resource": each} for each in found[start : start + self.page]],
        }
        if start + self.page < len(found):
            following = urlencode({**query, "start": start + self.page})
            bundle["link"] = [{"relation": "next", "url": f"{self.url}/fhir/{kind}?{following}"}]
        return bundle


def handler(ehr):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

        def send(self, status, body=None, headers=()):
            self.send_response(status)
            content = b"" if body is None else json.dumps(body).encode()
            all_headers = {
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Allow-Headers": "authorization, accept, content-type",
                "Content-Type": "application/json",
                "Content-Length": str(len(content)),
                **dict(headers),
            }
            for name, value in all_headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_OPTIONS(self):  # the name that http.server calls
            self.send(204)

        def do_GET(self):  # likewise
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send(302, headers={"Location": ehr.authorize(query)})
            elif parts.path == "/fhir/.well-known/smart-configuration":
                self.send(200, ehr.configuration())
            else:
                ehr.asked.append(self.path)
                kind = parts.path.split("/")[2]
                if ehr.expired or self.headers["Authorization"] != "Bearer token":
                    self.send(401, {"resourceType": "OperationOutcome"})
                elif kind in ehr.without:
                    self.send(403, {"resourceType": "OperationOutcome"})
                elif kind == "Patient":
                    self.send(200, next(each for each in ehr.resources if each["resourceType"] == "Patient"))
                else:
                    assert query["patient"] == "1"
                    self.send(200, ehr.search(kind, query))

        def do_POST(self):  # likewise
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send(*ehr.token({name: values[0] for name, values in parse_qs(body).items()}))

    return Handler


@contextlib.contextmanager
def running(ehr):
    """Run an EHR on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(ehr))
    ehr.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield ehr
    finally:
        server.shutdown()
        server.server_close()
