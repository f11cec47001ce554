"""Operations: alerts and incidents, and the files by which a server runs Etappmål and shows its pages.

Here belongs what whoever minds the server is told and given. The commands themselves stand in ``commands``.
"""
