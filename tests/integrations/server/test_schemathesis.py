"""Whatever is sent, the service answers as its OpenAPI document says, and never with a failure of its own.

`make schemathesis` tries longer.
"""

import os

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from b12labs.integrations.server import Settings, create_app

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "0"))
#: Examples of every word in the panel's schema are thousands: only where there is time.
PHASES = [Phase.explicit, Phase.generate] if EXAMPLES else [Phase.generate]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

app = create_app(Settings(demo=True))
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES or 15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=PHASES,
    derandomize=not EXAMPLES,
)
def test_no_request_makes_the_service_fail(case):
    case.validate_response(case.call(), checks=CHECKS)
