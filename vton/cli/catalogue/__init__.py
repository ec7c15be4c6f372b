"""The verbs that draw whole catalogues."""
