"""Appointments in time: how long they last, what they clash with, and how other calendars hear of them."""
