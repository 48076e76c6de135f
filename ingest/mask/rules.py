"""One masking rule is a regular expression and what takes its place; SQL applies them in turn."""

Rule = tuple[str, str]


def applied(text: str, rules: tuple[Rule, ...]) -> str:
    """SQL for the text after each rule, everywhere it fits."""
    for pattern, replacement in rules:
        text = f"regexp_replace({text}, '{pattern}', '{replacement}', 'g')"
    return text
