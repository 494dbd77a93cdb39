from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhtt_excel.excel.addresses import cell_name, cell_position, range_name


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_names_and_positions_are_inverse(row: int, column: int) -> None:
    assert cell_position(cell_name(row, column)) == (row, column)


def test_corners() -> None:
    assert cell_name(1, 1) == "A1"
    assert cell_name(1_048_576, 16_384) == "XFD1048576"
    assert range_name("Kết quả 'A'", 2, 3, 9, 4) == "'Kết quả ''A'''!$C$2:$D$9"
    with pytest.raises(ValueError, match="not a cell"):
        cell_position("A0")
