"""Engines: what rules mean and how they are run."""
