"""Controls of the guide's chapter "Network separation and hardening"."""
