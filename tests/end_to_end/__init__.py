"""The whole, through the commands that a user types."""
