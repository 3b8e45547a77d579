"""Controls of the guide's chapter "Upgrading and application security practices"."""
