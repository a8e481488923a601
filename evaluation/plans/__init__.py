"""The action plan of a helsefellesskap: areas, aims and measures, in versions, with their status (R29, R135, R139)"""
