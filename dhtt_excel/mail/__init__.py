"""The parts of the e-mail drafts: what they are, their texts, their bytes; `write_mail` puts them together."""
