"""The section on training: who was reached, how often, in which forms and topics."""
