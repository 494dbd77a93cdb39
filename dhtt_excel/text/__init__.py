"""Vietnamese text and names of files: what strings mean, whatever holds them."""
