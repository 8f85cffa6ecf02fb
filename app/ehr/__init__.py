"""Records in: CSV, FHIR R4 and HL7 v2 become the same few records, which are then applied to the store."""
