"""Files of sessions: what their pages downloaded, and what was offered to be uploaded."""
