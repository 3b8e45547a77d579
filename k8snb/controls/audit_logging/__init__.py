"""Controls of the guide's chapter "Audit logging and threat detection"."""
