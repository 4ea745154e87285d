"""Wire formats, without input or output: what the server and the SDK have to agree on.

``schemas`` has the bodies of the sessions API, ``events`` what a message looks like as an event, ``sse`` the frames
of an event stream, ``urls`` what counts as an address. Source of the rules: reference page ``agi-sessions``.
"""
