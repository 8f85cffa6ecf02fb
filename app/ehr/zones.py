"""A patient's probable time zone, from state and area code; no guess where they leave a doubt."""

from app.ehr.phones import area_zones
from app.ehr.records import Phone

_BY_ZONE = {
    "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Los_Angeles": "CA WA",
    "America/Phoenix": "AZ",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
}
_ONE_ZONE = {state: zone for zone, states in _BY_ZONE.items() for state in states.split()}
_SPLIT = {"FL", "ID", "IN", "KS", "KY", "MI", "ND", "NE", "NV", "OR", "SD", "TN", "TX"}


def zone_hint(state: str, phones: tuple[Phone, ...]) -> str:
    """The IANA zone a patient probably lives in, or the empty text.

    The state decides where it has one zone (people keep their number when they move);
    in a split or unknown state the area code does, where it lies in one zone.
    """
    state = state.strip().upper()
    if state in _ONE_ZONE:
        return _ONE_ZONE[state]
    if state and state not in _SPLIT:
        return ""
    for phone in phones:
        zones = area_zones(phone.e164) if phone.e164 else ()
        if len(zones) == 1:
            return zones[0]
    return ""
