"""Training: the same raw weights learn one target with each activation. See `learning.study`."""
