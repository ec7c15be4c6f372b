"""Pictures graded by people who do not know what made them: the sample, its cells, and the count of the grades."""
