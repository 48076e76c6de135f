"""Damages valid ledgers at random and checks that the loader loads nothing that is not there."""
