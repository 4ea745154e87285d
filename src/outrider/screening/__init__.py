"""What sessions may reach and do: egress, and (below ``content``) what they read and are told."""
