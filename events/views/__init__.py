"""Pages of summits: what everybody and holders see, and what the office does."""
