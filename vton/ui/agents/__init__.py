"""The page for programs that act for people: its endpoints as tools of the Model Context Protocol (MCP)."""
