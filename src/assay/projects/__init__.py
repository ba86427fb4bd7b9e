"""Projects, applications, environments, builds, device presets and configs."""
