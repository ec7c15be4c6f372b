"""Persons, for the pose estimator and the parser: photos with joints and labels."""
