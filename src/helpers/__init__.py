"""The Citizen Participation Monitor: the package that the notebooks import."""
