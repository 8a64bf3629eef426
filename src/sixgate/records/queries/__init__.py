"""What rows say: lists for pages as SQL, limited by what an actor may see, and dossiers as frozen facts. Changes nothing."""
