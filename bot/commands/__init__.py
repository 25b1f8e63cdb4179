"""The groups of commands of the program `beian`."""
