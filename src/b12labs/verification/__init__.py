"""Verify whether this installation would reproduce the answers of a file."""

from b12labs.verification.rerun import Rerun
from b12labs.verification.verifying import Compared, Verified, verify

__all__ = ["Compared", "Rerun", "Verified", "verify"]
