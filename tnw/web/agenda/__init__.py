"""The agenda: which days, whose appointments, where there is room, and how they lie beside each other."""
