"""Datasets on disk: shards from several processes, their card, and contact sheets."""
