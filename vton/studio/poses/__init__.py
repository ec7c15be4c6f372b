"""Poses: the table of stances, the places that hands reach for, and the solver that fits both to any body."""
