"""The API for a provider's own systems: tells what happened to a filing, and asks where it is."""
