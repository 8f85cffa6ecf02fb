"""A carrier without a telephone network: Twilio's contract, patients' phones, faults on demand.

It is a stranger to the application: it knows the carrier's REST API, webhooks and TwiML, and nothing else.
"""
