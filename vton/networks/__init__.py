"""Networks that several systems or readers share, one architecture per file: tensors in and out."""
