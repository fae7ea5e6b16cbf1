"""E-mail by SMTP. The Message-ID is made of the message's key, so that what is sent twice is shown
once by every mail program that knows its RFC 5322."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

from api.notices.senders.sending import Channel, NotSentError, Outgoing, Why


class Security(StrEnum):
    TLS = "tls"  # from the first byte, port 465
    STARTTLS = "starttls"  # port 587
    NONE = "none"  # inside the intranet only


PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def send_mail(channel: Channel, message: Outgoing) -> None:
    mail = written(channel, message)
    try:
        with _connected(channel) as server:
            user = str(channel.settings.get("user", ""))
            if user:
                server.login(user, channel.secret.get("password", ""))
            refused = server.send_message(mail)
    except smtplib.SMTPAuthenticationError as error:
        raise NotSentError(Why.LOGIN, lasting=True) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(Why.MAILBOX, [code for code, _ in error.recipients.values()]) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(Why.MAIL, [error.smtp_code]) from error
    except smtplib.SMTPServerDisconnected as error:
        raise NotSentError(Why.SILENT) from error
    except (smtplib.SMTPException, ssl.SSLError) as error:
        raise NotSentError(Why.MAIL, type(error).__name__) from error
    except OSError as error:
        raise NotSentError(Why.AWAY, type(error).__name__) from error
    if refused:
        raise NotSentError(Why.SOME_MAILBOXES, ", ".join(sorted(refused)), lasting=True)


def written(channel: Channel, message: Outgoing) -> EmailMessage:
    mail = EmailMessage()
    sender = str(channel.settings["sender"])
    mail["From"] = sender
    mail["To"] = ", ".join(channel.settings["to"])
    mail["Subject"] = " ".join(message.title.split())
    mail["Date"] = format_datetime(message.at)
    name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{name}@{sender.rpartition('@')[2].strip('> ') or 'hallwatch'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(part for part in (message.body, message.link) if part))
    return mail


def _connected(channel: Channel) -> smtplib.SMTP:
    settings = channel.settings
    security = Security(settings.get("security", Security.STARTTLS))
    host, port = str(settings["host"]), int(settings.get("port") or PORTS[security])
    if security is Security.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=channel.timeout_s, context=context)
    server = smtplib.SMTP(host, port, timeout=channel.timeout_s)
    if security is Security.STARTTLS:
        server.starttls(context=ssl.create_default_context())
    return server


def _refused(why: Why, codes: list[int]) -> NotSentError:
    """A mail server's 5xx is for good, its 4xx is for now."""
    said = ", ".join(str(code) for code in sorted(set(codes)))
    return NotSentError(why, said, lasting=all(code >= 500 for code in codes))
