"""Reading what an applicant wrote, deterministically: no model, no guess that cannot be explained."""
