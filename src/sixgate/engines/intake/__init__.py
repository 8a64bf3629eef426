"""Reads foreign formats into plain values and writes them back. This engine knows no government, no database and no network."""
