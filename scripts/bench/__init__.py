"""The bench: how long the portal's pages take, against an empty view of the same server (docs/performance.md)."""
