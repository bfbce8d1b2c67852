"""Tests of what changes summits and registrations."""
