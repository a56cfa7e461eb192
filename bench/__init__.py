"""Measurements, and the generators of invented rosters that the tests draw on too."""
