"""Reads every definitions file once, so that a typo is told at the start and not in a meeting."""

from warehouse import alert_rules, health_check, maintenance, reconciliation, registry, what_if
from warehouse.handouts.settings import small_counts
from warehouse.radar import settings


def check_definitions() -> None:
    """Raises DefinitionError naming file, entry and key."""
    registry.check_definitions()
    alert_rules.rules()
    what_if.ways()
    reconciliation.reconciliations()
    health_check.health_check()
    settings.signals()
    small_counts()
    maintenance.retention()
