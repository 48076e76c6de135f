"""Which sub-branches a reader may see; every query takes one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The sub-branches that may be seen; `None` means every one."""

    sub_branches: frozenset[str] | None

    @classmethod
    def everything(cls) -> "Scope":
        """The scope of a reader who may see the whole branch."""
        return cls(None)
