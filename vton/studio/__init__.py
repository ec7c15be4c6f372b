"""The photo studio: integer seeds -> specs -> rendered outfits with exact labels. Needs requirements-studio.txt."""
