"""The law of the deadlines: pure Python over dated facts, without Django and without a clock."""
