"""Collects and consolidates conference data by spreadsheet, offline."""

# Here, so that the command line need not load plans to show its help.
DEFAULT_PLAN = "hoan-kiem-2020"
ROLLUP_PLAN = "ha-noi-2020"
PACKAGE = "dhtt-excel"


def installed_version(package: str = PACKAGE) -> str:
    """Of this program or another package; "" where it runs from a folder and was never installed."""
    from importlib.metadata import PackageNotFoundError, version  # not needed to show the help

    try:
        return version(package)
    except PackageNotFoundError:
        return ""
