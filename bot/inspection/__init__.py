"""Looking at pictures of papers: measured in processes of their own, told as findings."""
