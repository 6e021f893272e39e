"""CDS Hooks 2.0.1: services, cards and feedback, on plain dicts; any web server can put them behind its paths."""
