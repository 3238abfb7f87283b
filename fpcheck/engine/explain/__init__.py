"""Why a rule said what it said of a row, what it read to say so, and what would have to be different."""
