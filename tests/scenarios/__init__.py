"""What really went wrong elsewhere, each as a test that says its number."""
