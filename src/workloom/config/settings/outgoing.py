import ipaddress

from workloom.config.settings.readers import Reader, SettingError

_read = Reader("Outgoing requests")

_NETWORKS = _read.names(
    "WEBHOOK_ALLOW",
    "Addresses or networks that requests may go to although they are not public (webhooks and the like); none by default.",
    example="10.20.0.0/16,192.168.7.9",
)
WEBHOOK_HTTPS_ONLY = _read.flag(
    "WEBHOOK_HTTPS_ONLY", "Refuses targets of webhooks that begin with http://.", default=False
)


def _network(written: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(written)
    except ValueError:
        raise SettingError(
            "WEBHOOK_ALLOW",
            f"names {written!r}, which is no network",
            "Write addresses or networks, the part behind the network zero: 10.20.0.0/16.",
        ) from None


WEBHOOK_ALLOW = [_network(written) for written in _NETWORKS]
