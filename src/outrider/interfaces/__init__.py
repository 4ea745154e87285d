"""The protocols between the rooms, with their contracts, and the values that cross them.

Everything here is a frozen value or a ``typing.Protocol``. Implementations live in the rooms above: ``browsers``
(BrowserPool, Browser, Page), ``agents`` (Model), ``engine`` (Engine, Lease) and ``storage`` (SessionStore, KeyStore).
"""
