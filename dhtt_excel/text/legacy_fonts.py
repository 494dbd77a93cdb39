"""Text typed in a Vietnamese font from before Unicode, TCVN3 (".VnTime") or VNI ("VNI-Times"): what should it read?

Both put Vietnamese letters on the codes of other signs, so that a cell without its font is ambiguous: "®" is đ or a
trade mark, "Lång" a Lồng or a Swede. A cell is legacy text only where its words make no sense as they are, make
Vietnamese when decoded, and either one code stands where no other writing has it, or several codes say the same.
"""

from __future__ import annotations

import re
import string
import unicodedata
from functools import cache, lru_cache

from dhtt_excel.text.vietnamese import clean

_ENOUGH = 2  # weight of evidence: one decisive sign, or two that other languages have too
_BAD_SHARE = 10  # one in so many coded words may be mistyped, so that a long report is not lost for one slip

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TCVN3["Đ"] = "é"  # `clean` takes the code Ð for a look-alike of Đ
_VNI_TONES = "ùøûõï"
_VNI = dict(zip("íìæóòîñôöÍÌÆÓÒÎÑÔÖ", "íìỉĩịỵđơưÍÌỈĨỊỴĐƠƯ", strict=True))
for _base, _marks, _letters in (
    ("a", _VNI_TONES + "âáàåãä" + "êéèúüë", "áàảãạ" + "âấầẩẫậ" + "ăắằẳẵặ"),
    ("e", _VNI_TONES + "âáàåãä", "éèẻẽẹ" + "êếềểễệ"),
    ("o", _VNI_TONES + "âáàåãä", "óòỏõọ" + "ôốồổỗộ"),
    ("u", _VNI_TONES, "úùủũụ"),
    ("y", _VNI_TONES[:4], "ýỳỷỹ"),
    ("ô", _VNI_TONES, "ớờởỡợ"),
    ("ö", _VNI_TONES, "ứừửữự"),
):
    for _mark, _letter in zip(_marks, _letters, strict=True):
        _VNI[_base + _mark] = _letter
        _VNI[_base.upper() + _mark] = _VNI[_base.upper() + _mark.upper()] = _letter.upper()

# Codes of TCVN3 that are signs elsewhere, and stand inside or at the end of a word in no other writing.
_SIGNS = frozenset("¨©ª«¬\u00ad®µ¶¸»¼½¾÷¡¢£¤¥¦§ßç")
_LOOSE_SIGNS = frozenset("·×¹")  # N·m, m×n, a footnote's ¹: decisive only inside a longer word
_LONE_SIGNS = frozenset("¼½¾×÷©»¨")  # no word by itself: the sign, not the letter
_CAPITAL_CODES = frozenset(c for c in _TCVN3 if c.isupper())
# Pairs of VNI that French, Spanish, Portuguese or Catalan write too: Loïc, aérien, Raúl, goût, Noà.
_EUROPEAN_PAIRS = "aï aë aé aè aü aú aá aà eá eà eä eû eï oï où oû oà oá oã uï"

# Letters that neither encoding produces (Đ it may: see above), and marks of decomposed Unicode text.
_ONLY_UNICODE = "ăắằẳẵặấầẩẫậẻẽẹẹếềểễệỉĩịỏọốồổỗộơớờởỡợủũụưứừửữựỳỷỹỵảạ"
_UNICODE_ONLY = re.compile(f"[đ{_ONLY_UNICODE}{_ONLY_UNICODE.upper()}\u0300-\u036f]")
_SIGN = re.compile(f"[{''.join(_SIGNS | _LOOSE_SIGNS)}]")
_OWN_LETTERS = frozenset(string.ascii_letters + "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ")
_WORD = re.compile(r"[^\W\d_²³º¹¼½¾ªµ]+")
_CODED_WORD = re.compile(f"(?:[^\\W\\d_²³º]|[{re.escape(''.join(_TCVN3))}])+")
_VNI_CODE = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))
_ABBREVIATION = re.compile("[A-ZĐ]+|[a-zđ]")

_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet ooc oong
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uơ
uôc uôi uôm uôn uông uôt uy uya uych uyên uyêt uynh uyt uyp uyu
ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y
"""
_AFTER_QU = """
a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt âc ân âng ât ây e en eo et ê êch ên ênh êt
i ich in it y ych ynh yt yên yêt ơ ơi ơn ôc
"""
_AFTER_NOTHING = "yêm yên yêng yêt yêu"
_ONSET = re.compile("^(ngh|ng|nh|gh|gi(?=[^\\W\\d_nm])|qu|ch|kh|ph|th|tr|[bcdđghklmnprstvx]|)")
_TAKE_Y = ("", "h", "k", "l", "m", "s", "t", "th", "v")  # the syllable y, Hy, Ký, Lý, …; elsewhere it is written i
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_STOP_TONES = "\u0301\u0323"
_OTHER_WORDS = ("đắk", "đăk", "lắk", "lăk", "hrê", "mnông", "hmông", "xtiêng", "brâu")  # names of peoples and places


def read_legacy(text: str) -> str | None:
    """What a cell typed in a legacy Vietnamese font should read; None where it is no such text, or may not be.

    The case of the codes is kept: a font of capitals (".VnTimeH") shows small codes as capitals, and we see no font.
    """
    if text.isascii() or _UNICODE_ONLY.search(text):
        return None
    for part in text.split():  # a loop, not all(...): most cells end here, and it costs half
        if not part.isascii() and not _makes_sense(part):
            break
    else:
        return None
    tcvn3, vni = _find_tcvn3(text), _find_vni(text)
    if tcvn3.makes_sense() and vni.makes_sense():
        return None  # "Thuû" is Thuỷ or Thủ
    if tcvn3.is_enough():
        return _CODED_WORD.sub(lambda m: _decode_tcvn3(m[0]), text)
    return _decode_vni(text) if vni.is_enough() else None


@lru_cache(maxsize=4096)
def _makes_sense(part: str) -> bool:
    """Whether a part of a text is Vietnamese, or plain letters, as it is."""
    if _SIGN.search(part):
        return False
    return all(
        w.isascii() or _is_abbreviation(w) or (_has_usual_case(w) and _is_syllable(w))
        for w in _WORD.findall(clean(part))
    )


def _find_tcvn3(text: str) -> _Evidence:
    evidence = _Evidence()
    for match in _CODED_WORD.finditer(text):
        raw = match[0]
        if raw not in _LONE_SIGNS:
            signs = {c: _weigh_tcvn3(raw, i) for i, c in enumerate(raw) if _TCVN3.get(c, c) != c}
            evidence.add(match, _decode_tcvn3(raw), signs, all(c.isascii() or c in _TCVN3 for c in raw))
    return evidence


def _decode_tcvn3(word: str) -> str:
    return word if word in _LONE_SIGNS else "".join(_TCVN3.get(c, c) for c in word)


def _find_vni(text: str) -> _Evidence:
    evidence = _Evidence()
    for match in _CODED_WORD.finditer(text):
        raw, word = match[0], _decode_vni(match[0])
        if not _SIGN.fullmatch(raw):
            small = raw.lower()
            codes = [m for m in _VNI_CODE.finditer(small) if _VNI[m[0]] != m[0]]
            signs = {m[0] if len(m[0]) == 1 else small + m[0]: _weigh_vni(m) for m in codes}  # a pair: in each word
            evidence.add(match, word, signs, _VNI_CODE.sub("", raw).isascii() and _has_usual_case(word))
    return evidence


def _decode_vni(text: str) -> str:
    return _VNI_CODE.sub(lambda m: _VNI[m[0]], text)


class _Evidence:
    """What the words of one text say for one encoding."""

    def __init__(self) -> None:
        self._signs: dict[str, int] = {}
        self._good = self._bad = self._foreign = 0
        self._support = False  # a marked word besides, that reads well both ways: Vò in "Vò Hång"
        self._strange = False  # a sign that no slip of the pen makes in a proper text: not "Cô Lôc", "Lê Tèt"

    def add(self, match: re.Match[str], word: str, signs: dict[str, int], known: bool) -> None:
        """One word as it stands and decoded, with its codes' weights; `known`: every letter is of the encoding."""
        raw, text = match[0], match.string
        glued = text[match.start() - 1 : match.start()].isdigit() or text[match.end() :][:1].isdigit()
        if raw.isascii():
            self._foreign += not (glued or _is_abbreviation(raw) or _is_syllable(raw))
        elif not known or not (_is_abbreviation(word) or _is_syllable(word)):
            self._bad += 1
        elif _makes_sense(raw):
            self._support = True
        elif len(word) > 1 and not glued and not _is_abbreviation(word):
            self._good += 1
            for sign, weight in signs.items():  # a letter counts once: "Gång på gång" is one sign, not three
                self._signs[sign] = max(weight, self._signs.get(sign, 0))
            self._strange |= not (_OWN_LETTERS.issuperset(raw) and _has_usual_case(raw))

    def makes_sense(self) -> bool:
        """Whether the decoded words, but for a slip, are Vietnamese, and not all were so before."""
        return any(self._signs.values()) and self._good >= self._bad * _BAD_SHARE

    def is_enough(self) -> bool:
        """Whether the text is of this encoding; where no sign is decisive, foreign words ask for more of them."""
        if not self.makes_sense():
            return False
        total = sum(self._signs.values()) + (self._support and self._strange)
        return max(self._signs.values()) >= _ENOUGH or total >= _ENOUGH + self._foreign


def _weigh_tcvn3(raw: str, i: int) -> int:
    """2: no other writing has this code here; 1: another language may; 0: it is likely a symbol (µm, £m, §a)."""
    sign, size = raw[i], len(raw)
    inside = 0 < i < size - 1
    if sign in _LOOSE_SIGNS:
        return 1 + (size > 3) if inside else int(i > 0)
    if sign in _SIGNS and i == 0:
        return 1 + (sign in "§®" and size > 3) if size > 2 or sign == "®" else 0
    if sign in _SIGNS:
        return 1 + (inside or size > 2 or sign in "µ«¬¸")
    if sign not in _CAPITAL_CODES or i == 0:
        return 1
    after_small = raw[i - 1].islower() and (i > 1 or inside)  # or the caps lock was on: "tÔ" is tô, "bÕ" is bế
    before_small = raw[i + 1 : i + 2].islower() and sign not in _OWN_LETTERS  # or the shift key stuck: "LÊn" is lên
    return 1 + (after_small or before_small)


def _weigh_vni(code: re.Match[str]) -> int:
    """2: no other writing has this code here; 1: another language may."""
    if len(code[0]) == 2:
        return 1 + (code[0] not in _EUROPEAN_PAIRS)
    return 1 + (code[0] == "ñ" and code.start() == 0 and len(code.string) > 3)


def _is_abbreviation(word: str) -> bool:
    return _ABBREVIATION.fullmatch(word) is not None


def _has_usual_case(word: str) -> bool:
    return word in (word.lower(), word.upper(), word.capitalize())


def _is_syllable(word: str) -> bool:
    """Whether a word can be Vietnamese: onset, rhyme, and a tone that the rhyme takes on a letter that bears it."""
    _, onset, rest = _ONSET.split(word.lower(), maxsplit=1)
    return rest in _toned_rhymes(onset) or onset + rest in _OTHER_WORDS


@cache
def _toned_rhymes(onset: str) -> frozenset[str]:
    """Every rhyme that an onset takes, in every tone."""
    return frozenset(toned for rhyme in _rhymes_after(onset) for toned in _tone(rhyme))


def _rhymes_after(onset: str) -> list[str]:
    front = [r for r in _RHYMES.split() if r[0] in "eêi"] + ["y"] * (onset in _TAKE_Y)
    back = [r for r in _RHYMES.split() if r[0] not in "eêiy"]
    if onset == "qu":
        return _AFTER_QU.split()
    if onset == "gi":
        return [*back, "e", "em", "eo", "êng", "êt", "êm"]
    if onset in ("k", "gh", "ngh"):
        return front
    if onset in ("c", "g", "ng"):
        return back + ["i", "in"] * (onset == "g")
    return front + back + (_AFTER_NOTHING.split() if onset == "" else [])


def _tone(rhyme: str) -> list[str]:
    """The rhyme in each tone that it takes: a stop at its end leaves two, and oa, oe, uy have two ways to write it."""
    marked = [i for i, c in enumerate(rhyme) if c in "ăâêôơư"]
    vowels = len(rhyme) - len(rhyme.lstrip("aeiouy"))
    if marked:
        places = marked[-1:]
    elif rhyme[:2] in ("oa", "oe", "uy") and vowels == 2:
        places = [0, 1]
    else:
        places = [int(vowels == 3 or (vowels == 2 and len(rhyme) > 2))]
    stopped = rhyme.endswith(("c", "ch", "p", "t"))
    tones = _STOP_TONES if stopped else _TONES
    toned = [unicodedata.normalize("NFC", rhyme[: i + 1] + t + rhyme[i + 1 :]) for i in places for t in tones]
    return toned if stopped else [rhyme, *toned]
