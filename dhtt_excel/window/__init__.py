"""A campaign's folder ─► pages in the browser on this computer, that call what the command line calls."""
