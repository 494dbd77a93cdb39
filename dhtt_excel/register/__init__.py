"""The sheets of the register for the district; `write_register` puts them together."""
