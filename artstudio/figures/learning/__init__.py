"""Figures and film frames of networks that learn: see `learning.study` for what is measured."""
