"""What can be set about a deployment: one table, read once."""

from assay.settings.model import Setting, Settings
from assay.settings.reading import SETTINGS, SettingInvalid, load

__all__ = ["SETTINGS", "Setting", "SettingInvalid", "Settings", "load"]
