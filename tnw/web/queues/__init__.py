"""The queues of doctors: one case after the other, each decision kept ten seconds before it is recorded."""
