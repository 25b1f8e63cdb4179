"""What supervisors look after: the team, service levels, deadlines at risk."""
