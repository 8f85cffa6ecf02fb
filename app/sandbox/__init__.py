"""A carrier without a telephone network: Twilio's public contract, patients' phones in a browser, faults on demand.

It is a stranger to the application: it knows the carrier's REST API, webhooks and TwiML, and nothing else.
"""
