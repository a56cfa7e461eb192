"""The Ningde demonstration: real places, invented people, and a running site within a minute."""
