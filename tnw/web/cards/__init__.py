"""The cards of the traject tab: what runs or ran inside a dossier, a module for each noun."""
