"""Papers as people hand them in: what kind of file it is, its first page's text, its pages as pictures. Knows nothing of government."""
