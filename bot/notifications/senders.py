"""The senders that the settings ask for, by the kind of message they deliver."""

from typing import TYPE_CHECKING

from bot.notifications.mail_files import FileMail

if TYPE_CHECKING:
    from bot.notifications.mail import SmtpMail
    from bot.notifications.webhook import LeadWebhook
    from bot.settings import Settings


def mail_sender(settings: "Settings") -> "FileMail | SmtpMail":
    """Who delivers mail. To be closed at the end."""
    if settings.mail_folder is not None:
        return FileMail(settings.mail_folder, settings.mail_from)
    from bot.notifications.mail import SmtpMail  # its library only where mail goes to a server

    return SmtpMail(settings.mail_url, settings.mail_from)


def webhook_sender(settings: "Settings") -> "LeadWebhook | None":
    """Who posts leads to the CRM; None when there is none. To be closed at the end."""
    if settings.lead_webhook_url is None or settings.lead_webhook_secret is None:
        return None
    from bot.notifications.webhook import LeadWebhook

    return LeadWebhook(settings.lead_webhook_url, settings.lead_webhook_secret.get_secret_value())
