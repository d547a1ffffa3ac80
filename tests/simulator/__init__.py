"""Tests of Meta's simulator: what it refuses, what it puts on the wire, how it misbehaves."""
