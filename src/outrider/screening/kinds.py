"""Which addresses are not the public internet, and what they are instead.

Sources: the IANA special-purpose address registries (RFC 6890 and its updates), RFC 4291 for IPv6, RFC 6052 (NAT64),
RFC 3056 (6to4), RFC 4380 (Teredo); for metadata services the documentation of the clouds that run them.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from types import MappingProxyType
from typing import Final

from outrider.screening.hosts import Address

__all__ = ["METADATA", "embedded", "kind_of", "unwrap"]

#: Where clouds hand out credentials of the machine.
METADATA: Final[frozenset[Address]] = frozenset(
    {
        IPv4Address("169.254.169.254"),  # AWS, Azure, Google Cloud, Oracle, DigitalOcean, OpenStack
        IPv4Address("169.254.170.2"),  # AWS ECS task credentials
        IPv4Address("169.254.170.23"),  # AWS EKS pod identity
        IPv4Address("169.254.0.23"),  # Tencent Cloud
        IPv4Address("100.100.100.200"),  # Alibaba Cloud
        IPv4Address("192.0.0.192"),  # Oracle Cloud, classic
        IPv4Address("168.63.129.16"),  # Azure's platform channel: a public address by number only
        IPv6Address("fd00:ec2::254"),  # AWS
        IPv6Address("fd00:ec2::23"),  # AWS EKS pod identity
        IPv6Address("fd20:ce::254"),  # Google Cloud
        IPv6Address("fe80::a9fe:a9fe"),  # OpenStack
    }
)

_IPV4: Final[Mapping[IPv4Network, str]] = MappingProxyType(
    {
        IPv4Network(network): kind
        for network, kind in {
            "0.0.0.0/8": "an unspecified address",
            "10.0.0.0/8": "a private address",
            "100.64.0.0/10": "an address shared behind a carrier's NAT",
            "127.0.0.0/8": "a loopback address",
            "169.254.0.0/16": "a link-local address",
            "172.16.0.0/12": "a private address",
            "192.0.0.0/24": "an address kept for protocols",
            "192.0.2.0/24": "a documentation address",
            "192.88.99.0/24": "a 6to4 relay",
            "192.168.0.0/16": "a private address",
            "198.18.0.0/15": "a benchmarking address",
            "198.51.100.0/24": "a documentation address",
            "203.0.113.0/24": "a documentation address",
            "224.0.0.0/4": "a multicast address",
            "240.0.0.0/4": "a reserved address",
        }.items()
    }
)

_IPV6: Final[Mapping[IPv6Network, str]] = MappingProxyType(
    {
        IPv6Network(network): kind
        for network, kind in {
            "::/128": "an unspecified address",
            "::1/128": "a loopback address",
            "2001::/23": "an address kept for protocols",
            "2001:db8::/32": "a documentation address",
            "3fff::/20": "a documentation address",
            "fc00::/7": "a private address",
            "fe80::/10": "a link-local address",
            "fec0::/10": "a site-local address",
            "ff00::/8": "a multicast address",
        }.items()
    }
)
#: All that is assigned to the public internet lies in here (RFC 4291, section 2.4); the rest is reserved.
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")


def unwrap(address: Address) -> Address:
    """The IPv4 address that a mapped one (``::ffff:127.0.0.1``) stands for; any other as it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def kind_of(address: Address) -> str:
    """What kind of non-public address it is, with its article; empty for a public one.

    An IPv6 address that leads to an IPv4 address (mapped, NAT64, 6to4, Teredo) is of that one's kind.
    """
    address = unwrap(address)
    if address in METADATA:
        return "an address of a cloud's metadata service"
    if isinstance(address, IPv4Address):
        return next((kind for network, kind in _IPV4.items() if address in network), "")
    inner = embedded(address)
    if inner:
        return next((kind for each in inner if (kind := kind_of(each))), "")
    kind = next((kind for network, kind in _IPV6.items() if address in network), "")
    return kind or ("" if address in _GLOBAL_UNICAST else "a reserved address")


def embedded(address: Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address leads to or through; none for most."""
    if isinstance(address, IPv4Address):
        return ()
    translated = (IPv4Address(address.packed[-4:]),) if address in _NAT64 else ()
    relayed = () if address.sixtofour is None else (address.sixtofour,)
    return translated + relayed + (address.teredo or ())
