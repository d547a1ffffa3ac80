"""What one simulator process is told when it starts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Where the product listens, the secrets shared with it, and the business it plays.

    `state` is the directory that survives a restart; None keeps everything in memory.
    `delivered_after` and `read_after` are seconds between one status and the next.
    """

    webhook: str
    app_secret: str
    verify_token: str
    token: str
    phone_number_id: str
    display: str
    waba_id: str
    state: Path | None = None
    verified_name: str = "Atendente"
    delivered_after: float = 0.3
    read_after: float = 0.3
