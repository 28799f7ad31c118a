"""The HTTP house: application, headers, health, errors, bounds on who asks."""
