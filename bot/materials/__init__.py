"""Papers that applicants send: received by one door, kept, handed to staff, deleted in time."""
