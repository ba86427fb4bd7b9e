"""The assistant: answers chat messages with one toolset for both brains, from typed results.

``ChatAssistant`` is in ``assistant``, what it needs from the engine in ``engine``.
"""
