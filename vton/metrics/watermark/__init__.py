"""The evaluation of the watermark, and the usual one to compare it with."""
