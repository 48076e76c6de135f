"""Takes extracts from the inbox into the lake; the only part that writes."""
