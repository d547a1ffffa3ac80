"""What one simulator process is told when it starts."""

from dataclasses import dataclass
from pathlib import Path

CHANNELS = ("whatsapp", "instagram", "facebook")


@dataclass(frozen=True)
class Account:
    """One account of the business: what its webhooks name, and the secrets shared with it."""

    channel: str
    id: str
    display: str
    token: str
    app_secret: str
    verify_token: str
    webhook: str


@dataclass(frozen=True)
class Options:
    """Where the product listens, the secrets shared with it, and the business it plays.

    `webhook` is WhatsApp's address; the other channels' differ from it in the last part. Their
    tokens and secrets are WhatsApp's where none of their own is given. `instagram_token` is of
    Instagram Login; through the linked page the page's token counts. `state` is the directory that
    survives a restart; None keeps everything in memory. `delivered_after` and `read_after` are
    seconds between one status and the next.
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
    app_id: str = "900100200300400"
    page_id: str = "110200300400500"
    page_name: str = "Loja Demonstração"
    page_token: str = ""
    page_app_secret: str = ""
    page_verify_token: str = ""
    instagram_id: str = "17841400000000001"
    instagram_username: str = "loja.demonstracao"
    instagram_token: str = ""
    instagram_app_secret: str = ""
    instagram_verify_token: str = ""

    def account(self, channel: str) -> Account:
        """The business's account on a channel."""
        if channel == "whatsapp":
            return Account(
                channel, self.phone_number_id, self.display, self.token, self.app_secret,
                self.verify_token, self.webhook,
            )  # fmt: skip
        if channel == "instagram":
            return Account(
                channel,
                self.instagram_id,
                f"@{self.instagram_username}",
                self.instagram_token or self.token,
                self.instagram_app_secret or self.app_secret,
                self.instagram_verify_token or self.verify_token,
                self._webhook("instagram"),
            )
        return Account(
            "facebook",
            self.page_id,
            self.page_name,
            self.page_token or self.token,
            self.page_app_secret or self.app_secret,
            self.page_verify_token or self.verify_token,
            self._webhook("facebook"),
        )

    def accounts(self) -> list[Account]:
        """All three."""
        return [self.account(channel) for channel in CHANNELS]

    def _webhook(self, channel: str) -> str:
        return f"{self.webhook.rpartition('/')[0]}/{channel}"
