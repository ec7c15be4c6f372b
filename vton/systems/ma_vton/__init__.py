"""MA-VTON, a thesis on CP-VTON."""
