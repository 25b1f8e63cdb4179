"""What strangers try, tried: each row of docs/threats.md has its test here or beside its part."""
