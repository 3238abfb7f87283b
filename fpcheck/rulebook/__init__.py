"""YAML in, checked rules out; knows no engine."""
