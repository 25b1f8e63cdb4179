"""Settings of the program: environment variables with the prefix BEIAN_, or a .env file."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class BrokenSettings(Exception):
    """The configuration cannot be used; the message lists every problem with its cure."""


class Settings(BaseSettings):
    """What an operator may set. Every field has a default that works on a fresh machine."""

    model_config = SettingsConfigDict(
        env_prefix="BEIAN_",
        env_file=".env",
        env_ignore_empty=True,  # a variable set to nothing is one not set
        extra="ignore",
        hide_input_in_errors=True,
    )

    home: Path = Field(Path("var"), description="Folder of the database, keys and files.")
    database_url: str | None = Field(
        None,
        description="Database; the default is SQLite in the home folder. "
        "PostgreSQL: `postgresql://user:password@host/name`.",
    )
    sqlite_synchronous: Literal["NORMAL", "FULL"] = Field(
        "NORMAL",
        description="NORMAL survives a killed process, FULL also a power cut (slower).",
    )
    master_key: SecretStr | None = Field(
        None,
        description="Master key, 32 bytes in base64; without it a key file is kept in the home "
        "folder (created with mode 0600).",
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the web server listens on.")
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Addresses or networks, comma-separated, of the proxies in front, whose "
        "`X-Forwarded-For` and `-Proto` are believed, e.g. `10.0.0.0/8`.",
    )
    health_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Port of its own for `/healthz`, `/readyz` and `/metrics`, in every role: for "
        "probes of processes without a web server. Empty: only on the web server.",
    )
    desk_host: str | None = Field(
        None, description="Address the staff desk listens on, if it gets an origin of its own."
    )
    desk_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Port of the staff desk; empty: `/desk/` on the web server. With a port of "
        "its own it is no longer there.",
    )
    desk_url: str | None = Field(
        None,
        description="Address staff reach the desk under, without `/desk`, e.g. "
        "`https://desk.example.cn`; default: `BEIAN_PUBLIC_URL`.",
    )
    public_url: str | None = Field(
        None,
        description="Address people reach this server under, e.g. `https://beian.example.cn`; "
        "needed for secure forms and webhooks.",
    )
    provider: str = Field("qingcloud", description="Provider profile.")
    content: Path | None = Field(
        None,
        description="Folder with the operator's own wording, rules, articles, letters and "
        "provider profiles, laid out like the built-in ones.",
    )
    operator_name: str | None = Field(
        None, description="Who runs this assistant, as shown to people; default: the provider."
    )
    operator_contact: str | None = Field(
        None,
        description="How people reach the operator, as shown to them; default: the provider's "
        "own help.",
    )
    api_secret: SecretStr | None = Field(
        None,
        description="Secret that signs stage events of the provider's own systems, `whsec_` and "
        "base64 of 24 bytes or more; two with a blank between while one is replaced. Empty: no "
        "such API.",
    )
    telegram_token: SecretStr | None = Field(None, description="Bot token; empty: no Telegram.")
    telegram_api_base: str = Field(
        "https://api.telegram.org", description="Bot API server, e.g. `http://127.0.0.1:9000`."
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="How updates arrive."
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="Secret token of the webhook, 1-256 of `A-Za-z0-9_-`; mandatory for it."
    )
    telegram_bot: str = Field(
        "",
        pattern=r"^[A-Za-z0-9_]{0,64}$",
        description="Name of the bot, for links from the web chat; needed only where the process "
        "of the web chat does not run Telegram.",
    )
    telegram_library: Literal["aiogram", "ptb"] = Field(
        "aiogram", description="Library that reads updates: aiogram or python-telegram-bot."
    )
    wechat_app_id: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{6,64}$",
        description="AppID of the verified service account (服务号), `wx…`; empty: no WeChat "
        "(docs/wechat.md).",
    )
    wechat_secret: SecretStr | None = Field(None, description="Its AppSecret.")
    wechat_token: SecretStr | None = Field(
        None, description="Token of its callback, 3-32 letters and digits you made up."
    )
    wechat_aes_key: SecretStr | None = Field(
        None, description="EncodingAESKey of its callback, 43 letters and digits."
    )
    wechat_aes_key_last: SecretStr | None = Field(
        None, description="The EncodingAESKey before, while it is being changed."
    )
    wechat_api_base: str = Field(
        "https://api.weixin.qq.com", description="WeChat's API, e.g. `http://127.0.0.1:9001`."
    )
    wecom_corp_id: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{6,64}$",
        description="Company id (企业ID) of WeCom, `ww…`; empty: no WeCom customer service "
        "(docs/wecom.md).",
    )
    wecom_secret: SecretStr | None = Field(
        None, description="Secret of the self-built application that may use customer service."
    )
    wecom_token: SecretStr | None = Field(
        None, description="Token of its callback, 3-32 letters and digits you made up."
    )
    wecom_aes_key: SecretStr | None = Field(
        None, description="EncodingAESKey of its callback, 43 letters and digits."
    )
    wecom_aes_key_last: SecretStr | None = Field(
        None, description="The EncodingAESKey before, while it is being changed."
    )
    wecom_open_kfid: str = Field(
        "", description="Customer service accounts, `wk…`, with commas between."
    )
    wecom_servicer: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_.@-]{1,64}$",
        description="Who in WeCom gets people that ask for a person: a userid, or `queue` for "
        "whoever is free. Empty: the staff desk.",
    )
    wecom_api_base: str = Field(
        "https://qyapi.weixin.qq.com", description="WeCom's API, e.g. `http://127.0.0.1:9002`."
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server for reminders, `smtps://user:password@host:465` or "
        "`smtp://…:587` (STARTTLS); empty: no e-mail.",
    )
    mail_from: str | None = Field(
        None, description="Sender of reminders by e-mail, e.g. `备案助手 <beian@example.cn>`."
    )
    sms_gateway_url: str | None = Field(
        None, description="Your SMS gateway, which takes signed requests (docs/reminders.md)."
    )
    sms_gateway_secret: SecretStr | None = Field(
        None, description="Secret that signs requests to the SMS gateway."
    )
    staff_telegram_chat: int | None = Field(
        None,
        description="Telegram group of the staff, e.g. `-1001234567890`, which gets alerts without "
        "any applicant's data; empty: none (docs/desk.md).",
    )
    staff_telegram_token: SecretStr | None = Field(
        None,
        description="Token of the bot that writes to that group; default: `BEIAN_TELEGRAM_TOKEN`.",
    )
    staff_email: str | None = Field(
        None, description="Mailbox of the whole team, which gets all alerts; needs a mail server."
    )
    read_papers: bool = Field(
        True,
        description="Read licences and ID cards in photos to fill the form, where the extra `ocr` "
        "is installed (`make setup-ocr`); it takes about 0.8 GB while it reads.",
    )
    picture_workers: int = Field(
        2,
        ge=1,
        le=32,
        description="Processes that check pictures of papers side by side, up to 0.6 GB each "
        "while there is work; more pictures wait their turn.",
    )
    picture_seconds: float = Field(
        20.0,
        gt=0,
        le=300,
        description="Seconds one check may take; then the picture is kept and staff look at it.",
    )
    typing_channels: str = Field(
        "",
        description="Where sensitive numbers may be typed into the chat as on the web, of `wechat` "
        "and `wecom`, comma-separated. Empty: by the secure form only, or after a consent of its "
        "own. Never Telegram (docs/privacy.md).",
    )
    check_pages: bool = Field(
        True,
        description="Fetch home pages to check their footer; with `false` only pasted HTML is "
        "checked.",
    )
    oidc_issuer: str | None = Field(
        None,
        description="Your OpenID Connect server, at which staff may sign in to the desk, e.g. "
        "`https://sso.example.cn/realms/staff`; empty: passwords only.",
    )
    oidc_client_id: str | None = Field(None, description="The desk's client id there.")
    oidc_client_secret: SecretStr | None = Field(None, description="The desk's secret there.")
    oidc_label: str = Field("SSO", description="What the login page calls that server.")
    oidc_name_claim: str = Field(
        "preferred_username", description="Claim that holds a person's account name."
    )
    oidc_role_claim: str | None = Field(
        None,
        description="Claim that holds a person's groups or roles; accounts then come by "
        "themselves. Empty: only people who have an account may sign in.",
    )
    oidc_roles: str = Field(
        "",
        description="What its values stand for, e.g. `support=agent, leads=supervisor, it=admin`.",
    )
    retention_days: int = Field(
        30,
        ge=1,
        le=30,
        description="Days after which papers of a filing, and the answers that go with them, are "
        "deleted once it is approved or withdrawn; 30 at most.",
    )
    retention_idle_days: int = Field(
        90,
        ge=1,
        le=90,
        description="Days without a sign of life after which the same of an unfinished filing is "
        "deleted; 90 at most.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What is logged."
    )
    log_format: Literal["text", "json"] = Field("text", description="How log lines look.")

    @field_validator(
        "public_url",
        "desk_url",
        "oidc_issuer",
        "telegram_api_base",
        "wechat_api_base",
        "wecom_api_base",
    )
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None or value == "":
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with https:// (or http:// on your own machine)")
        return value.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for one in value.split(","):
            try:
                ip_network(one.strip())
            except ValueError:
                raise ValueError(
                    "needs addresses or networks such as 10.0.0.0/8, with commas between"
                ) from None
        return value

    @field_validator("typing_channels")
    @classmethod
    def _may_be_typed_on(cls, value: str) -> str:
        if _named(value) - {"wechat", "wecom"}:
            raise ValueError("names wechat or wecom, with a comma between, and no other channel")
        return value

    @field_validator("api_secret")
    @classmethod
    def _is_api_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            from bot.api.signing import split_secrets  # not read where there is no secret

            split_secrets(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> "Settings":
        if self.telegram_token is None or self.telegram_mode != "webhook":
            return self
        if self.public_url is None:
            raise ValueError("a Telegram webhook needs BEIAN_PUBLIC_URL")
        secret = self.telegram_webhook_secret
        if secret is None or not _is_webhook_secret(secret.get_secret_value()):
            raise ValueError(
                "a Telegram webhook needs BEIAN_TELEGRAM_WEBHOOK_SECRET: 1-256 characters "
                "of A-Z, a-z, 0-9, _ and -"
            )
        return self

    @model_validator(mode="after")
    def _wechat_is_complete(self) -> "Settings":
        given = {
            "BEIAN_WECHAT_APP_ID": self.wechat_app_id,
            "BEIAN_WECHAT_SECRET": self.wechat_secret,
            "BEIAN_WECHAT_TOKEN": self.wechat_token,
            "BEIAN_WECHAT_AES_KEY": self.wechat_aes_key,
        }
        missing = [name for name, value in given.items() if value is None]
        if len(missing) == len(given):
            return self
        if missing:
            raise ValueError(f"WeChat needs {', '.join(missing)} too (docs/wechat.md)")
        if not _is_wechat_token(self.wechat_token):
            raise ValueError("BEIAN_WECHAT_TOKEN has 3-32 letters and digits")
        for name in ("wechat_aes_key", "wechat_aes_key_last"):
            key: SecretStr | None = getattr(self, name)
            if key is not None and not _is_aes_key(key.get_secret_value()):
                raise ValueError(f"BEIAN_{name.upper()} has 43 letters and digits")
        return self

    @model_validator(mode="after")
    def _wecom_is_complete(self) -> "Settings":
        given = {
            "BEIAN_WECOM_CORP_ID": self.wecom_corp_id,
            "BEIAN_WECOM_SECRET": self.wecom_secret,
            "BEIAN_WECOM_TOKEN": self.wecom_token,
            "BEIAN_WECOM_AES_KEY": self.wecom_aes_key,
            "BEIAN_WECOM_OPEN_KFID": self.wecom_open_kfid or None,
        }
        missing = [name for name, value in given.items() if value is None]
        if len(missing) == len(given):
            return self
        if missing:
            raise ValueError(f"WeCom needs {', '.join(missing)} too (docs/wecom.md)")
        if not _is_wechat_token(self.wecom_token):
            raise ValueError("BEIAN_WECOM_TOKEN has 3-32 letters and digits")
        for name in ("wecom_aes_key", "wecom_aes_key_last"):
            key: SecretStr | None = getattr(self, name)
            if key is not None and not _is_aes_key(key.get_secret_value()):
                raise ValueError(f"BEIAN_{name.upper()} has 43 letters and digits")
        if not all(map(_is_account, self.wecom_accounts)):
            raise ValueError(
                "BEIAN_WECOM_OPEN_KFID needs ids such as wkAJ2GCAAAZSfhHCt7IFSvLKtMPxyJTw, "
                "with commas between"
            )
        return self

    @property
    def wecom_accounts(self) -> tuple[str, ...]:
        """``wecom_open_kfid``, taken apart."""
        return tuple(one.strip() for one in self.wecom_open_kfid.split(",") if one.strip())

    @model_validator(mode="after")
    def _reminder_ways_are_complete(self) -> "Settings":
        if (self.smtp_url is None) != (self.mail_from is None):
            raise ValueError("e-mail needs both BEIAN_SMTP_URL and BEIAN_MAIL_FROM")
        if self.smtp_url is not None:
            url = self.smtp_url.get_secret_value()
            if not url.startswith(("smtp://", "smtps://")):
                raise ValueError("BEIAN_SMTP_URL must start with smtps:// or smtp://")
        if (self.sms_gateway_url is None) != (self.sms_gateway_secret is None):
            raise ValueError("SMS needs both BEIAN_SMS_GATEWAY_URL and BEIAN_SMS_GATEWAY_SECRET")
        return self

    @model_validator(mode="after")
    def _oidc_is_complete(self) -> "Settings":
        if self.oidc_issuer is None:
            return self
        if self.oidc_client_id is None or self.oidc_client_secret is None:
            raise ValueError("OpenID Connect needs BEIAN_OIDC_CLIENT_ID and …_CLIENT_SECRET")
        if self.desk_url is None and self.public_url is None:
            raise ValueError("OpenID Connect needs BEIAN_PUBLIC_URL or BEIAN_DESK_URL")
        if (self.oidc_role_claim is None) != (not self.oidc_roles_by_claim):
            raise ValueError("set both BEIAN_OIDC_ROLE_CLAIM and BEIAN_OIDC_ROLES, or neither")
        wrong = set(self.oidc_roles_by_claim.values()) - {"agent", "supervisor", "admin"}
        if wrong:
            raise ValueError(
                "BEIAN_OIDC_ROLES: roles are agent, supervisor and admin, as in "
                "support=agent, leads=supervisor, it=admin"
            )
        return self

    @property
    def oidc_roles_by_claim(self) -> dict[str, str]:
        """``oidc_roles``, taken apart."""
        pairs = (one.partition("=") for one in self.oidc_roles.split(",") if one.strip())
        return {claim.strip(): role.strip() for claim, _, role in pairs}

    @model_validator(mode="after")
    def _desk_is_complete(self) -> "Settings":
        if self.desk_port is None and self.desk_host is not None:
            raise ValueError("a desk with an origin of its own needs BEIAN_DESK_PORT too")
        return self

    @model_validator(mode="after")
    def _ways_to_staff_are_complete(self) -> "Settings":
        if self.staff_telegram_chat is not None and self.staff_token is None:
            raise ValueError(
                "alerts in a Telegram group need BEIAN_STAFF_TELEGRAM_TOKEN or BEIAN_TELEGRAM_TOKEN"
            )
        if self.staff_email is not None and self.smtp_url is None:
            raise ValueError("BEIAN_STAFF_EMAIL needs BEIAN_SMTP_URL and BEIAN_MAIL_FROM")
        return self

    @property
    def typed_on(self) -> frozenset[str]:
        """Channels of others on which sensitive numbers may be typed."""
        return _named(self.typing_channels)

    @property
    def staff_token(self) -> SecretStr | None:
        """The token of the bot that pings staff."""
        return self.staff_telegram_token or self.telegram_token

    @property
    def database(self) -> str:
        """The database's URL, the embedded SQLite file by default."""
        return self.database_url or f"sqlite+aiosqlite:///{self.home.resolve() / 'beian.db'}"


def _named(value: str) -> frozenset[str]:
    return frozenset(one.strip() for one in value.split(",") if one.strip())


def _is_wechat_token(token: SecretStr | None) -> bool:
    text = "" if token is None else token.get_secret_value()
    return 3 <= len(text) <= 32 and text.isascii() and text.isalnum()


def _is_account(text: str) -> bool:
    return re.fullmatch(r"wk[A-Za-z0-9_-]{1,62}", text) is not None


def _is_aes_key(text: str) -> bool:
    return len(text) == 43 and text.isascii() and text.isalnum()


def _is_webhook_secret(text: str) -> bool:
    return 1 <= len(text) <= 256 and all(c.isascii() and (c.isalnum() or c in "_-") for c in text)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; raises BrokenSettings naming every variable that is wrong."""
    given: dict[str, Any] = {key: one for key, one in overrides.items() if one is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise BrokenSettings("; ".join(_problem(one) for one in error.errors())) from None


def nameless(settings: Settings) -> str | None:
    """What is missing for people outside to know who handles their data; None if nothing is."""
    is_public = settings.public_url is not None and settings.public_url.startswith("https://")
    given = {
        "BEIAN_OPERATOR_NAME": settings.operator_name,
        "BEIAN_OPERATOR_CONTACT": settings.operator_contact,
    }
    missing = [name for name, value in given.items() if not (value or "").strip()]
    if not is_public or not missing:
        return None
    return (
        f"{' and '.join(missing)} must be set: whoever is asked for identity papers has to "
        "know who handles them and how to reach them (docs/privacy.md)"
    )


def _problem(error: object) -> str:
    assert isinstance(error, dict)
    name = "_".join(str(part) for part in error["loc"]).upper()
    return f"BEIAN_{name}: {error['msg']}" if name else str(error["msg"])


def settings_table() -> str:
    """The settings as a Markdown table, for the docs."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for name, info in Settings.model_fields.items():
        default = "" if info.default is None else f"`{info.default}`"
        lines.append(f"| `BEIAN_{name.upper()}` | {default} | {info.description} |")
    return "\n".join(lines) + "\n"
