"""Result ─► the files of a run. Makers share no import with each other."""
