"""The support staff's side: web desk, its API and alerts."""
