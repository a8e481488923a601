"""``make pictures``: every page of the portal as a picture, to be looked at.

A state is a portal of its own: `empty` (a round is open, nobody has applied), `usual` (the demo) and `crowded` (60
applications, 200 benefits, long meetings). `states` fills a database and finds the pages that each person reaches by
links; `camera` opens them in Chromium; `album` writes var/pictures/index.html.
"""
