"""Letters ready to sign: filled in from a filing when they are handed out, as .docx and PDF."""
