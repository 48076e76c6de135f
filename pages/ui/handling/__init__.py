"""How many days complaints take."""
