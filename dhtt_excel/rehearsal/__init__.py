"""An invented campaign, and one breach of every rule: input for trying and testing."""
