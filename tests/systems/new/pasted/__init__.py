"""A system of the tests: the garment laid on the joints, its colours moved a little by two convolutions."""
