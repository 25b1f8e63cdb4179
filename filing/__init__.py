"""What an ICP filing (ICP 备案) is: facts, identifiers, stages, rules and checks. No IO."""
