"""The words of the report's outline: its subject, the headings of its groups and sections."""

from __future__ import annotations

import re

from dhtt_excel.plan.plan import Plan, Section

_LONGEST_HEADING = 200


def name_subject(plan: Plan) -> tuple[str, str]:
    """What the report is about, in two lines: the years that it covers and the years to come."""
    covered, coming = _name_years(plan, "-")
    return (
        f"Tổng kết phong trào thi đua và công tác khen thưởng {covered};",
        f"Phương hướng, nhiệm vụ công tác thi đua, khen thưởng {coming}",
    )


def name_groups(plan: Plan) -> dict[str, str]:
    """Heading of each group of sections by its code; a third group would have no words but its code."""
    covered, coming = _name_years(plan, " - ")
    texts = [
        f"Tổng kết phong trào thi đua yêu nước và công tác khen thưởng {covered}",
        f"Phương hướng, nhiệm vụ công tác thi đua, khen thưởng {coming}",
    ]
    groups = list(dict.fromkeys(split_code(s)[0] for s in plan.report.sections))
    texts += [""] * len(groups)
    return {group: f"{group}. {text}".strip().upper() for group, text in zip(groups, texts, strict=False) if group}


def split_code(section: Section) -> tuple[str, str]:
    """Group and number of a section: "I.2" is ("I", "2")."""
    group, _, number = section.code.rpartition(".")
    return group, number


def name_section(section: Section) -> str:
    """ "2. Kết quả công tác khen thưởng": of a long requirement, what stands before its first semicolon."""
    text = section.text if len(section.text) <= _LONGEST_HEADING else section.text.partition(";")[0]
    return f"{split_code(section)[1]}. {text}"


def _name_years(plan: Plan, dash: str) -> tuple[str, str]:
    """ "05 năm (2015 - 2020)" and the as many years after them."""
    years = [int(year) for year in re.findall(r"\d{4}", plan.period)]
    if len(years) != 2:
        return f"giai đoạn {plan.period}", "giai đoạn tiếp theo"
    first, last = years
    return tuple(f"{last - first:02} năm ({a}{dash}{b})" for a, b in ((first, last), (last, 2 * last - first)))  # type: ignore[return-value]
