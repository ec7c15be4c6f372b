"""The verbs that exchange weights, and the page itself, with the Hub."""
