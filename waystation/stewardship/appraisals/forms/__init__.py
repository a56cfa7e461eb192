"""What people write about appraisals, read and checked; nothing is saved here."""
