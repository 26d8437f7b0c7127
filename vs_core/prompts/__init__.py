"""What is sent to a model."""
