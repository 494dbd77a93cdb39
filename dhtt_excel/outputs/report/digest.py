"""A few lines of what the units wrote for a section: how many did, and a sentence of two or three of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from dhtt_excel.figures.hide_names import CAPITAL, NameHider, list_persons
from dhtt_excel.figures.hide_revealing import SENSITIVE, RevealingWords
from dhtt_excel.outputs.report.facts import list_used
from dhtt_excel.outputs.report.paper import ReportPaper, add_text
from dhtt_excel.outputs.report.phrases import UNITS_ANNEX, join_names, say_unit
from dhtt_excel.plan.plan import Section
from dhtt_excel.result import Result

_MOST = 3  # units that are quoted
_SHORTEST, _LONGEST = 40, 230  # characters of a sentence that is quoted
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…;])\s+|\n+")
_INNER_QUOTES = str.maketrans("“”", "‘’")
_PROSE = re.compile(rf"{CAPITAL}[^<>{{}}=\\/@|]+[.;…]?")
_PERSON = re.compile(
    rf"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Ee]m|[Đđ]ồng chí|[Đđ]/c|[Bb]ác sĩ|[Tt]hầy|[Cc]ô)\s+{CAPITAL}"
)
# A family name before another name, or three names in a row: a person whom no list names, too.
_FAMILIES = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đào|Đoàn|Trịnh|Trương|Lương|Tạ"
_FULL_NAME = re.compile(rf"\b(?:(?:{_FAMILIES})\s+{CAPITAL}|(?:{CAPITAL}\w+\s+){{2}}{CAPITAL})")


class Digest:
    """Takes from the units' answers what can stand in a paper that is signed: whole sentences that name no person and nobody's religion."""

    def __init__(self, result: Result) -> None:
        plan, frames = result.plan, result.tables.frames
        collective = [plan.lists.value(name, "collective") for name in ("speech_kinds", "honouree_kinds")]
        self._hider = NameHider(list_persons(frames, collective), spare=[unit.name for unit in plan.units])
        self._revealing = RevealingWords(plan, SENSITIVE)
        self._result = result

    def draw(self, paper: ReportPaper, section: Section) -> None:
        """Who wrote, and a sentence of each of a few; another few in each section."""
        plan, answers = self._result.plan, list_answers(self._result, section)
        noun, used = plan.levels.local.noun, list_used(self._result)
        local = {unit.code: answers[unit.code] for unit in used if unit.code in answers}
        if not local:
            add_text(paper.body, f"Chưa có nội dung của {noun} nào về mục này.")
            return
        text = f"Về nội dung này có báo cáo của {len(local)}/{len(used)} {noun}"
        if absent := [unit.code for unit in used if unit.code not in local]:
            text += f" (chưa có: {join_names(plan, absent, UNITS_ANNEX)})"
        quoted = list(islice(self._quote(local, plan.report.sections.index(section)), _MOST))
        add_text(paper.body, f"{text}. Trong đó, {'; '.join(quoted)}." if quoted else f"{text}.")

    def _quote(self, answers: dict[str, str], place: int) -> Iterator[str]:
        plan = self._result.plan
        codes = list(answers)
        start = place * _MOST % len(codes)
        for code in (*codes[start:], *codes[:start]):
            if sentence := self._find_sentence(answers[code]):
                yield f"{say_unit(plan, plan.units_by_code[code])}: “{sentence}”"

    def _find_sentence(self, text: str) -> str:
        """The first sentence of a fit length that names no person, nor an ethnic group or a religion; "" where there is none."""
        for sentence in _SENTENCE_ENDS.split(text):
            sentence = sentence.strip().rstrip(".;")
            fit = _SHORTEST <= len(sentence) <= _LONGEST and _PROSE.fullmatch(sentence)
            if fit and not self._names_person(sentence) and not self._revealing.is_revealing(sentence):
                return sentence.translate(_INNER_QUOTES)
        return ""

    def _names_person(self, sentence: str) -> bool:
        places = sentence
        for unit in self._result.plan.units:
            places = places.replace(unit.name, "")
        return bool(_PERSON.search(places) or _FULL_NAME.search(places)) or self._hider.hide(sentence) != sentence


def list_answers(result: Result, section: Section) -> dict[str, str]:
    """What the units wrote for a section, by code, in the order of the codes."""
    report = result.tables.frames["report"]
    rows = report[report["section"].eq(section.code) & report["content"].notna()]
    found: dict[str, str] = dict(zip(rows["unit"].tolist(), rows["content"].tolist(), strict=True))
    return {code: found[code] for code in result.plan.units_by_code if code in found}
