"""Tests of the pages of summits."""
