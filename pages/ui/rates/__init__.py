"""Shares in percent: bars up to 100 %, grids and months, each with its cases beside it."""
