"""One exchange with a model, from LlamaIndex's prompt to a distribution."""
