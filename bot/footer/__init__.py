"""Home pages of filed websites: fetched with care, read, and checked."""
