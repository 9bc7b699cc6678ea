"""The screen on which a dossier is assessed: what is asked there, and what is shown beside it."""
