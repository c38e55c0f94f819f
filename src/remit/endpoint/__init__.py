"""The endpoint: connections, the one path of a request, and the only place that builds the whole (`compose`)."""
