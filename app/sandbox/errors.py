"""What the carrier refuses, by Twilio's codes (https://www.twilio.com/docs/api/errors)."""

from __future__ import annotations

MESSAGES: dict[int, tuple[int, str]] = {
    20001: (400, "Invalid parameter."),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20404: (404, "The requested resource {0} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service Unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL: {0}"),
    21210: (400, "The source phone number provided, {0}, is not yet verified for your account."),
    21211: (400, "Invalid 'To' Phone Number: {0}"),
    21212: (400, "Invalid 'From' Phone Number: {0}"),
    21213: (400, "'From' phone number is required"),
    21217: (400, "Phone number does not appear to be valid: {0}"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21408: (400, "Permission to send an SMS has not been enabled for the region of the 'To' number: {0}"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number {0} is not a valid message-capable number of this account."),
    21609: (400, "The 'StatusCallback' URL {0} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number {0} is not reachable from the 'From' phone number by SMS."),
    21614: (400, "'To' number is not a valid mobile number: {0}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21619: (400, "A text message body or media urls must be specified."),
    21623: (400, "Number of media files exceeds the allowed limit of 10"),
    21703: (400, "The Messaging Service does not have a phone number available to send a message."),
    21705: (400, "The Messaging Service Sid {0} is invalid."),
    30409: (400, "Message cannot be canceled: it is not scheduled any more."),
    32018: (400, "The Twiml parameter exceeds the 4000 character limit."),
    35111: (400, "SendAt timestamp is missing"),
    35114: (400, "SendAt time must be between 300 seconds and 35 days in the future, inclusive."),
    35118: (400, "MessagingServiceSid is required to schedule a message"),
    35126: (400, "The ScheduleType value provided is not supported for this channel"),
}


class Refusal(Exception):
    """The carrier does not do what was asked: `code` and `message` as Twilio gives them, `status` of HTTP."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status

    def to_json(self) -> dict[str, object]:
        """The error body of Twilio's REST API."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more, "status": self.status}


def refuse(code: int, about: str = "") -> Refusal:
    """The refusal with Twilio's words for `code`; codes without an entry are plain 400s."""
    status, words = MESSAGES.get(code, (400, "The request was refused."))
    return Refusal(code, words.format(about), status)
