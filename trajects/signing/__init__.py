"""Where the insured signs outside this house: a port, the adapter that speaks HTTP, and a provider to try it with."""
