"""Webhooks: which events a change of a session is, how they are signed and sent, and when they are tried again.

An event is recorded by the session store in the transaction of the change that it tells of (``events`` says which),
as one pending delivery per endpoint. The ``Dispatcher`` sends them, one at a time per endpoint and in order, and
records each attempt. So nothing is lost whenever the process ends; what it had sent but not recorded is sent again,
with the same id.
"""
