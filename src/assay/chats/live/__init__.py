"""The engine of a turn: which site it works on, and what it writes, proves and runs there."""
