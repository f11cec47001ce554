"""Servers on this machine that speak the two services' languages, with all their faults."""
