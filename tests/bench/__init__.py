"""Benchmarks: each runs a peer beside the product in the same run, alternating, and prints ratios. Never part of the tests."""
