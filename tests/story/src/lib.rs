//! The story end to end, in the trade's words, over every store. The tests stand in `tests/it`.
