//! Money: integer minor units of one currency. Never a float; conversion may refuse.
