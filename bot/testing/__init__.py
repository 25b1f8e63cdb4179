"""Stand-ins for the platforms, for rehearsals and tests: real servers on this machine."""
