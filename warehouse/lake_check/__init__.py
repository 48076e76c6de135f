"""Verifies a lake: its files, its rows, its batches, and the archive behind them."""
