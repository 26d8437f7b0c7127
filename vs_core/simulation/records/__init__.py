"""Answers of a type: records that a schema allows, made up of what its fields are called."""
