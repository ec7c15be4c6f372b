"""What puts a result together: layers, put-back, colours, outlines."""
