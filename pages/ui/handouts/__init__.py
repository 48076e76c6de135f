"""Sections of the hand-outs page: making one, the register, what moved since, the time machine."""
