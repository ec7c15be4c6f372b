"""What stands between visitors and the page: values, files, turns, visits, addresses; how a server starts and ends."""
