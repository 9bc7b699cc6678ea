"""The acts of casework as pages: one form each, one way to preview it, one way to tell what came in meanwhile."""
