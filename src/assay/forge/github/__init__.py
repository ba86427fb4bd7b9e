"""GitHub: github.com, Enterprise Cloud and Enterprise Server."""

from assay.forge.github.adapter import GitHub, github

__all__ = ["GitHub", "github"]
