"""A local OpenAI-compatible server that the real client libraries talk to in tests."""
