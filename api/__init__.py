"""People: the HTTP interface, the database, the roster, alerts and the console."""
