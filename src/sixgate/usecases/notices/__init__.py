"""Notices: what happened (the ledger), what waits (desks), what falls due (statutory dates) become rows and messages here; nothing here touches the network.

Stands between the rooms, as `briefing` does: it reads what all rooms wrote. A job of the clock calls it; no verb does, so a dead mail server blocks no act.
"""
