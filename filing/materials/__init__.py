"""材料: which papers a filing needs, and what was received of each."""
