"""What goes wrong in an export."""


class ExportError(ValueError):
    """Something that cannot be exported as asked; the message says what and why."""
