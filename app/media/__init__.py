"""Pictures and other files patients send: fetched from the carrier, checked, kept sealed, forgotten over there."""
