"""The meeting: cases, attendance, habilitet, ballots, resolutions and minutes."""
