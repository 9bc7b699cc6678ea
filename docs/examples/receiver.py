"""A receiver of webhooks to begin with: checks the signature (Standard Webhooks), answers at once, and prints each event.

python3 docs/examples/receiver.py PORT FILE-WITH-THE-SECRET     (the secret as `whsec_…`)
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

TOLERANCE = 300  # seconds that a message may be old
SEEN: set[str] = set()  # a message may come twice: its id says so


def signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether one of the signatures is ours: HMAC-SHA256 over `id.timestamp.body`, and the message is no old one."""
    sent = headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{sent}.".encode() + body
    own = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(own, one) for one in headers["webhook-signature"].split(" "))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        secret = Path(sys.argv[2]).read_text().strip()
        good = signed(secret, headers, body)
        self.send_response(204 if good else 401)
        self.end_headers()
        if good and headers["webhook-id"] not in SEEN:
            SEEN.add(headers["webhook-id"])
            event = json.loads(body)
            print(event["type"], event["data"].get("version", "-"), event["data"]["href"], flush=True)

    def log_message(self, *said: object) -> None:
        pass


HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
