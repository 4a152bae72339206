"""What Keystead does by itself: one loop of small steps, each safe to repeat."""
