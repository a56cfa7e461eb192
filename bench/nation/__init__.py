"""A nation by simulation: many prefectures, a million people, five years of records, on PostgreSQL."""
