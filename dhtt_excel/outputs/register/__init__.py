"""Result ─► the upper unit's own book: status board, findings, lists, ledger."""
