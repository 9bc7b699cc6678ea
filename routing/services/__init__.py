"""The acts of the three routes, a module for each. Each is one act: may you, does it fit, record."""
