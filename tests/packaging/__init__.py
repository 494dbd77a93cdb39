"""What is made of the package for those who use it: the zip for Windows, the guide."""
