"""Mail by SMTP, one connection for a batch. A refused recipient (5xx) is not tried again; everything else is."""

import smtplib
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from sixgate.interfaces.courier.outcome import Outcome
from sixgate.usecases.notices.outbox import Parcel


def send_mails(parcels: Iterable[Parcel]) -> Iterator[tuple[Parcel, Outcome]]:
    """Send mails and yield what became of each; when the server cannot be reached, the first fails and the others wait for the next run."""
    backend = EmailBackend(fail_silently=False)
    try:
        for parcel in parcels:
            outcome = _one(backend, parcel)
            yield parcel, outcome
            if outcome.word == "failed" and outcome.status is None:
                return
    finally:
        backend.close()


def _one(backend: EmailBackend, parcel: Parcel) -> Outcome:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >")
    headers = {"Message-ID": f"<{parcel.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(parcel.subject, parcel.text, settings.DEFAULT_FROM_EMAIL, [parcel.address], headers=headers)
    try:
        backend.open()
        backend.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code = next((code for code, _said in error.recipients.values()), 550)
        return Outcome("refused" if 500 <= code < 600 else "failed", f"SMTP {code}", code)
    except smtplib.SMTPResponseException as error:
        return Outcome("failed", f"SMTP {error.smtp_code}", error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        backend.close()
        return Outcome("failed", type(error).__name__)
    return Outcome("sent")
