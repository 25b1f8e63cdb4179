"""What a deployment can remind on, as the operator has set it up."""

from bot.settings import Settings
from bot.wechat.consents import PATH
from bot.wechat.notice_templates import load_notice_templates
from scheduler.ladder import Reach
from scheduler.notices import WECHAT_NOTICE, WECHAT_TEMPLATE
from scheduler.ports import TELEGRAM_LINK


def reach_of(settings: Settings) -> Reach:
    """What this deployment can send on, whichever of its processes does."""
    pushing = {
        "telegram": settings.telegram_token is not None,
        TELEGRAM_LINK: settings.telegram_token is not None,
        "wechat": settings.wechat_app_id is not None,
        "wecom": settings.wecom_corp_id is not None,
        "email": settings.smtp_url is not None,
        "sms": settings.sms_gateway_url is not None,
    }
    templates = load_notice_templates(settings.content)
    if settings.wechat_app_id is not None:
        pushing |= {WECHAT_TEMPLATE: bool(templates.follow), WECHAT_NOTICE: bool(templates.once)}
    served = frozenset(channel for channel, is_served in pushing.items() if is_served)
    own_page = f"{settings.public_url}{PATH}" if settings.public_url and templates.once else ""
    return Reach(served, consent_url=templates.consent_url or own_page)
