"""Whatever is sent, the service answers as its OpenAPI document says, and never with a failure of its own.

`make schemathesis` tries longer.
"""

import os

import schemathesis
from hypothesis import HealthCheck, Phase, settings

from b12labs.integrations.server import Settings, create_app

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "15"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]

app = create_app(Settings(demo=True))
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate], derandomize=True)
def test_no_request_makes_the_service_fail(case):
    case.validate_response(case.call(), checks=CHECKS)
