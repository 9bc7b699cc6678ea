"""The worklist: what is due, for whom, in which order, through which filters, and as a file."""
