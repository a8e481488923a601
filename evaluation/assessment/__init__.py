"""From the deadline to the priority list: admission, assessors, scores, habilitet, ranking, forwarding."""
