"""The security headers of the page, the same from CloudFront and from the local web server."""

from collections.abc import Mapping, Sequence
from typing import Any

HSTS_SECONDS = 2 * 365 * 24 * 3600

# Instagram's files are not stored: the page shows them from where Instagram says they are (INB-6).
META_FILES = ("https://*.fbsbx.com", "https://*.cdninstagram.com", "https://*.fbcdn.net")


def content_security_policy(
    connect: Sequence[str],
    media: Sequence[str],
    linked: Sequence[str] = META_FILES,
    *,
    secure: bool = True,
) -> str:
    """The page's policy: `connect` are the origins it may call, `media` those files come from.

    From those of `linked` pictures, sounds and videos are shown, and nothing else is fetched.
    Scripts come from the page's own origin alone; 'wasm-unsafe-eval' lets the voice encoder, which
    is WebAssembly within one of them, be compiled (SEND-8), and no text be run. Styles need
    'unsafe-inline' because Mantine and the virtualised lists place elements with style attributes,
    for which no hash or nonce exists.
    `secure` is false only where the page itself is served over plain http.
    """
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *media, *linked],
        "media-src": ["'self'", "blob:", *media, *linked],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *connect, *media],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    if secure:
        directives["upgrade-insecure-requests"] = []
    return "; ".join(
        " ".join([name, *dict.fromkeys(sources)]) for name, sources in directives.items()
    )


def plain(policy: str) -> dict[str, str]:
    """The headers as a server sends them. HSTS is left out: a local page has no certificate."""
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
    }


PERMISSIONS = "camera=(), geolocation=(), microphone=(self), payment=(), usb=()"


def cloudfront(policy: Mapping[str, Any] | str) -> dict[str, Any]:
    """The same headers as CloudFront's `ResponseHeadersPolicyConfig` takes them.

    `policy` may hold intrinsics, since the origins are known only to the stack.
    """
    return {
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {"ContentSecurityPolicy": policy, "Override": True},
            "ContentTypeOptions": {"Override": True},
            "FrameOptions": {"FrameOption": "DENY", "Override": True},
            "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
            "StrictTransportSecurity": {
                "AccessControlMaxAgeSec": HSTS_SECONDS,
                "IncludeSubdomains": True,
                "Override": True,
            },
        },
        "CustomHeadersConfig": {
            "Items": [
                {"Header": name, "Value": value, "Override": True}
                for name, value in plain("").items()
                if name in {"Permissions-Policy", "Cross-Origin-Opener-Policy"}
            ]
        },
    }
