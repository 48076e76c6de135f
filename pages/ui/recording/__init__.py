"""The section on recorded sales: how many were recorded, how many of them pass the check."""
