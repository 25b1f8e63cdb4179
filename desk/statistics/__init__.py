"""What the supervisor's figures are made of: counted by the store, worked out and drawn here."""
