"""`python -m dhtt_excel`, where the scripts folder is not on the path."""

from dhtt_excel.terminal.cli import main

if __name__ == "__main__":
    main()
