"""The resources, a module for each noun: shapes and thin methods over the same services as the pages."""
