"""Whatever is sent, the service answers as its OpenAPI document says, and never with a failure of its own.

`make schemathesis` tries longer.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from b12labs.integrations.server import Settings, create_app

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "15"))

app = create_app(Settings(demo=True))
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.filterwarnings("default")  # schemathesis and its parts have deprecations of their own
@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_request_makes_the_service_fail(case):
    answered = case.call()
    assert answered.status_code < 500
    case.validate_response(answered)
