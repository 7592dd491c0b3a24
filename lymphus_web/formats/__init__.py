"""How numbers and dates are written, where this differs from Django's."""
