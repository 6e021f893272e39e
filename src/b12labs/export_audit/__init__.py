"""What share of an export is read, what is not and why, and the site mapping that would read more of it."""

from b12labs.export_audit.auditing import audit
from b12labs.export_audit.model import Audit, AuditLine

__all__ = ["Audit", "AuditLine", "audit"]
