"""Attacks on the served app over loopback HTTP, as an outsider would: what is sent, who sends it, what may come back.

Nothing here calls the product: it is started as a process, asked, measured and killed.
"""
