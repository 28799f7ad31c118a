"""The HTTP house: application, headers, health, problems, bounds on who asks."""
