"""The folder of the plugin's presets."""
