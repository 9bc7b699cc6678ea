"""The questionnaire: what is asked, how it goes out, how answers come in, what is read of them (A2, A3, T1 to T3)."""
