"""What decides a picture: frozen records that survive JSON, draws from tables, and the numbers of the labels."""
