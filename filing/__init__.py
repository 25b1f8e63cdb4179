"""What an ICP filing (ICP 备案) is: its facts, identifiers, stages, rules and checks. No IO, no framework."""
