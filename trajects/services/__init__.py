"""What people do inside a traject, a module for each noun. Each is one act: may you, does it fit, record."""
