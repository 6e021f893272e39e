import os

import pytest

from b12labs.integrations.page import files
from tests.conftest import ROOT
from tests.static_page.hosting import hosted

BUILT = ROOT / "build/page"


@pytest.fixture(scope="session")
def built():
    """The folder that `make page` built of these files."""
    if not (BUILT / "index.html").exists():
        assert os.environ.get("CI") != "true", "make page"
        pytest.skip("the page without a server is not built here (make page)")
    own = {"service.js"}
    for path in (BUILT / "page").iterdir():
        assert path.name in own or path.read_bytes() == files()[path.name], f"{path.name} is not of now: make page"
    return BUILT


@pytest.fixture(scope="module")
def address(built):
    with hosted(built) as url:
        yield url
