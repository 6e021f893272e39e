"""b12labs as an HTTP service: `create_app(settings)` for a host's own server, `b12labs serve` for this machine.

Needs the extra `server` (`pip install "b12labs[server]"`).
"""

from b12labs.errors import extra

with extra("server", "b12labs.integrations.server"):
    from b12labs.integrations.server.app import create_app
    from b12labs.integrations.server.settings import Settings, SettingsError, read_settings

__all__ = ["Settings", "SettingsError", "create_app", "read_settings"]
