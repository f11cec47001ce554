"""What a run takes in: observations of the two services, and the extracts that a municipality hands in.

Here belongs what is asked for, whether it is complete, and what is refused or held back. How a service is
spoken to and a file is read stands in ``sources``.
"""
