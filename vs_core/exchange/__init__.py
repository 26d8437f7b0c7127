"""One exchange with a model, without I/O."""
