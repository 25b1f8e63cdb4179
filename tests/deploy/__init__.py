"""What the deployment files promise, as far as it can be checked without an engine."""
