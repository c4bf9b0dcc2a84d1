-- Newest first is how licences are searched: with the folded text in the index, a search for a rare
-- word reads the index alone and not every row. (PostgreSQL limits an index row to 2,704 bytes.)
CREATE INDEX licences_by_created
    ON licences (created, id, licensee_folded, title_zh_folded, title_en_folded);
CREATE INDEX licences_by_state_created
    ON licences (state, created, id, licensee_folded, title_zh_folded, title_en_folded);
