"""Reports: the result of a check drawn in different shapes; no rule logic."""
