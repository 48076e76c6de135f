"""The errors that this package shows to people."""


class WarehouseError(Exception):
    """Something about the store or its definitions that a person can act on."""


class WarehouseMissing(WarehouseError):  # noqa: N818  reads as what happened
    """Nothing has been loaded yet, so there is no store to read."""


class WarehouseOutdated(WarehouseMissing):
    """Another version of the program wrote the store; a load brings it up to date."""


class WarehouseDamaged(WarehouseError):  # noqa: N818  reads as what happened
    """The store is there and its catalogue cannot be read."""


class SnapshotMissing(WarehouseError):  # noqa: N818  reads as what happened
    """The store has no snapshot of this number, or no longer."""


class DefinitionError(WarehouseError):
    """One of our own YAML or CSV definitions is wrong; names file and key."""


class QueryError(WarehouseError):
    """A request names an indicator, dimension or period that does not exist."""


class WriterBusy(WarehouseError):  # noqa: N818  reads as what happened
    """Another process is loading data at this moment."""


class BackupError(WarehouseError):
    """A backup could not be made, or cannot be restored, for a reason that a person can act on."""


def is_interrupt(error: BaseException) -> bool:
    """Whether it is a Ctrl-C; the engine wraps one that meets it at work."""
    return isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt)
