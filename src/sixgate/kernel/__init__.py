"""Values every floor may use: they know nothing above themselves."""
