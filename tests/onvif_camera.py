"""A small ONVIF camera on the loopback: it answers WS-Discovery, and SOAP to the right password."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

ENVELOPE = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:n="http://www.onvif.org/ver10/network/wsdl"'
    ' xmlns:t="http://www.onvif.org/ver10/schema"'
    ' xmlns:v="http://www.onvif.org/ver10/device/wsdl"'
    ' xmlns:m="http://www.onvif.org/ver10/media/wsdl">{}</s:Envelope>'
)
MATCHES = "http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches"
DENIED = (
    "<s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>NotAuthorized"
    "</s:Value></s:Subcode></s:Code><s:Reason><s:Text>Sender not Authorized</s:Text></s:Reason>"
    "</s:Fault></s:Body>"
)


class OnvifCamera:
    """streams: token -> (address, width, height, encoding)."""

    def __init__(
        self, streams: dict[str, tuple[str, int, int, str]], user: str, password: str
    ) -> None:
        self.streams = streams
        self.login = (user, password)
        handler = type("Handler", (_Soap,), {"camera": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.port: int = self.http.server_port
        self.discovery: tuple[str, int] = self.udp.getsockname()
        for work in (self.http.serve_forever, self._be_found):
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.udp.close()

    def _be_found(self) -> None:
        try:
            while True:
                content, sender = self.udp.recvfrom(65536)
                self.udp.sendto(b"no XML", sender)
                asked = re.search(rb"MessageID>(.*?)<", content)
                self.udp.sendto(self._match(asked[1].decode() if asked else ""), sender)
        except OSError:
            return

    def _match(self, asked: str) -> bytes:
        scopes = "onvif://www.onvif.org/name/Hall%20Camera onvif://www.onvif.org/hardware/DS-2CD"
        return ENVELOPE.format(
            f"<s:Header><a:Action>{MATCHES}</a:Action><a:MessageID>urn:uuid:1</a:MessageID>"
            f"<a:RelatesTo>{asked}</a:RelatesTo><a:To>anonymous</a:To></s:Header><s:Body>"
            "<d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:2</a:Address>"
            "</a:EndpointReference><d:Types>n:NetworkVideoTransmitter</d:Types>"
            f"<d:Scopes>{scopes}</d:Scopes>"
            f"<d:XAddrs>http://127.0.0.1:{self.port}/onvif/device_service</d:XAddrs>"
            "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body>"
        ).encode()

    def answer(self, request: str) -> str:
        """The body for a SOAP request."""
        if "GetSystemDateAndTime" in request:
            return _time(datetime.now(UTC))
        if not self._knows(request):
            return DENIED
        if "GetServices" in request:
            at = f"http://127.0.0.1:{self.port}/onvif"
            return "<s:Body><v:GetServicesResponse>" + "".join(
                f"<v:Service><v:Namespace>http://www.onvif.org/ver10/{kind}/wsdl</v:Namespace>"
                f"<v:XAddr>{at}/{kind}</v:XAddr><v:Version><t:Major>2</t:Major><t:Minor>0"
                "</t:Minor></v:Version></v:Service>"
                for kind in ("device", "media")
            ) + "</v:GetServicesResponse></s:Body>"  # fmt: skip
        if "GetProfiles" in request:
            profiles = "".join(map(self._profile, self.streams))
            return f"<s:Body><m:GetProfilesResponse>{profiles}</m:GetProfilesResponse></s:Body>"
        asked = re.search(r"ProfileToken>(\w+)<", request)
        address = self.streams[asked[1]][0] if asked else ""
        return (
            f"<s:Body><m:GetStreamUriResponse><m:MediaUri><t:Uri>{address}</t:Uri>"
            "<t:InvalidAfterConnect>false</t:InvalidAfterConnect><t:InvalidAfterReboot>false"
            "</t:InvalidAfterReboot><t:Timeout>PT0S</t:Timeout></m:MediaUri>"
            "</m:GetStreamUriResponse></s:Body>"
        )

    def _profile(self, token: str) -> str:
        _, width, height, encoding = self.streams[token]
        return (
            f'<m:Profiles token="{token}" fixed="true"><t:Name>{token}</t:Name>'
            '<t:VideoEncoderConfiguration token="e"><t:Name>e</t:Name><t:UseCount>1</t:UseCount>'
            f"<t:Encoding>{encoding}</t:Encoding><t:Resolution><t:Width>{width}</t:Width>"
            f"<t:Height>{height}</t:Height></t:Resolution><t:Quality>4</t:Quality><t:RateControl>"
            "<t:FrameRateLimit>25</t:FrameRateLimit><t:EncodingInterval>1</t:EncodingInterval>"
            "<t:BitrateLimit>4096</t:BitrateLimit></t:RateControl></t:VideoEncoderConfiguration>"
            "</m:Profiles>"
        )

    def _knows(self, request: str) -> bool:
        """WS-Security's digest: base64(sha1(nonce + created + password))."""
        told = {
            name: re.search(rf"{name}[^>]*>([^<]+)<", request)
            for name in ("Username", "Password", "Nonce", "Created")
        }
        said = {name: match[1] for name, match in told.items() if match}
        if len(said) < 4:
            return False
        user, password = self.login
        whole = base64.b64decode(said["Nonce"]) + said["Created"].encode() + password.encode()
        digest = base64.b64encode(hashlib.sha1(whole).digest()).decode()
        return said["Username"] == user and said["Password"] == digest


def _time(now: datetime) -> str:
    return (
        "<s:Body><v:GetSystemDateAndTimeResponse><v:SystemDateAndTime><t:DateTimeType>NTP"
        "</t:DateTimeType><t:DaylightSavings>false</t:DaylightSavings><t:UTCDateTime>"
        f"<t:Time><t:Hour>{now.hour}</t:Hour><t:Minute>{now.minute}</t:Minute>"
        f"<t:Second>{now.second}</t:Second></t:Time><t:Date><t:Year>{now.year}</t:Year>"
        f"<t:Month>{now.month}</t:Month><t:Day>{now.day}</t:Day></t:Date></t:UTCDateTime>"
        "</v:SystemDateAndTime></v:GetSystemDateAndTimeResponse></s:Body>"
    )


class _Soap(BaseHTTPRequestHandler):
    camera: OnvifCamera

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"])).decode()
        body = self.camera.answer(request)
        content = ENVELOPE.format(body).encode()
        self.send_response(400 if body == DENIED else 200)
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""
