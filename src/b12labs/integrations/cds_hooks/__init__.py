"""CDS Hooks 2.0.1 on plain dicts.

`discovery()`, `respond()` and `feedback()`, for any web server; `b12labs.integrations.server` is one.
"""

from b12labs.integrations.cds_hooks.feedback import feedback
from b12labs.integrations.cds_hooks.services import EXAMPLE, HOOKS, discovery, respond
from b12labs.integrations.options import Options

__all__ = ["EXAMPLE", "HOOKS", "Options", "discovery", "feedback", "respond"]
