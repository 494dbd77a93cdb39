"""The sheets of the form, each drawn by a module of its own."""
