"""Local servers that speak the platforms' real protocols, and check what they are sent."""
