"""What an option may be, in a few words."""

from generator.compose.option import Option


def example(option: Option) -> str:
    """Give a value to show for an option: ``G``, ``jig``, ``0.8``."""
    for value in (*option.examples, *option.choices, option.default):
        if value is not None:
            return str(value)
    return "7"


def allowed(option: Option) -> str:
    """Say what an option may be, in a few words: ``0.2 to 1.5, usually 0.8``, or examples."""
    usual = "" if option.default is None else f", usually {option.default}"
    if option.choices:
        return ", ".join(str(choice) for choice in option.choices) + usual
    if option.minimum is not None and option.maximum is not None:
        return f"{option.minimum:g} to {option.maximum:.10g}{usual}"
    return "such as " + ", ".join(option.examples) if option.examples else ""
