"""The command line: remote commands call the API, local ones run the installation."""
