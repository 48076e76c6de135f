"""What leaves the room: reports and tables made on the server from the registry, offline."""
