"""The nemesis: kills real processes while people work through the real door, and looks afterwards whether anything acknowledged was lost or done twice."""
