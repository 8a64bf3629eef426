"""流程规范: what all stages share, and a file for each stage."""
