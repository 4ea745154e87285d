"""What a page shows, as a task speaks of it: elements by description, records, choices among them."""
