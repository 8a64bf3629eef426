"""Pages: load the facts shown, parse a form into plain values, call one verb, answer with a redirect or one fragment."""
