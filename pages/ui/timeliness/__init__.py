"""The section on timeliness: the rate under the readings in use, and the first response."""
