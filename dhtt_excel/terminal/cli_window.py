"""The command for the window: `dhtt window`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from dhtt_excel.errors import UserError

_NEEDED = ("starlette", "uvicorn", "jinja2", "python_multipart", "platformdirs")  # the extra `window`


@click.command(options_metavar="[TÙY CHỌN]")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[THƯ_MỤC]")
@click.option(
    "--drop",
    "dropped",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="ĐƯỜNG_DẪN",
    help="Tệp, thư mục để chép vào một đợt bên cạnh rồi tổng hợp.",
)
@click.option("--no-browser", is_flag=True, help="Không tự mở trình duyệt, chỉ in địa chỉ.")
def window(folder: Path | None, dropped: tuple[Path, ...], no_browser: bool) -> None:
    """Mở cửa sổ làm việc trong trình duyệt, trên máy này; THƯ_MỤC là thư mục của đợt."""
    if any(find_spec(name) is None for name in _NEEDED):
        raise UserError('Chưa cài phần cửa sổ. Hãy cài bằng lệnh: pip install -c constraints.txt ".[window]"')
    from dhtt_excel.window.serve import serve

    def tell(address: str) -> None:
        click.echo(f"Cửa sổ ở địa chỉ này, chỉ mở được trên máy này:\n{address}")
        click.echo("Đóng bằng nút “Đóng chương trình” trong trang, hoặc Ctrl-C ở đây.")

    serve(folder, tell, dropped=dropped, browse=not no_browser)
