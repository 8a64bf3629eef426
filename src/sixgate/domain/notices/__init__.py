"""提醒: who is told what, when, and what may leave the intranet. Pure: rules, days and moments are given; nothing is sent here."""
