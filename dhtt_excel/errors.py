"""The one exception for people."""

from __future__ import annotations


class UserError(Exception):
    """A run cannot start or end for a reason that the user can mend. The message is Vietnamese, for people."""
