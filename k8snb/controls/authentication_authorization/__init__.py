"""Controls of the guide's chapter "Authentication and authorization"."""
