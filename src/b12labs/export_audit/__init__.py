"""The share of an export that is read, the reasons for the rest, and a site mapping to read more of it."""

from b12labs.export_audit.auditing import audit
from b12labs.export_audit.model import Audit, AuditLine

__all__ = ["Audit", "AuditLine", "audit"]
