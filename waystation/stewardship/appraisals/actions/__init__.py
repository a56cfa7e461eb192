"""Writes on appraisals, by the step of the round."""
