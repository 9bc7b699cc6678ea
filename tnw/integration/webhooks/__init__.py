"""Telling the outside world: what happened, to whom, how it is signed, sent, tried again and looked up later."""
