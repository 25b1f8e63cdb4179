"""What the assistant knows: dated and sourced rules, articles, and the search over them."""
