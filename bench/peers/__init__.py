"""The same form as others would write it, each in its library's own idiom."""
