-- Text columns sort by bytes, as they do on SQLite: the same page everywhere, whatever locale the
-- database was created with, and no index that breaks when the system's collation data changes.
DO $$
DECLARE
    found RECORD;
BEGIN
    FOR found IN
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND data_type = 'text' AND column_name <> 'body'
          AND table_name IN (
              'journal', 'jobs', 'job_log', 'organisations', 'people', 'sessions', 'uploads',
              'story_runs', 'works', 'takes', 'masters', 'evidence', 'licences', 'rights_in',
              'matches', 'cases')
        ORDER BY table_name, column_name
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE TEXT COLLATE "C"',
            found.table_name, found.column_name);
    END LOOP;
END
$$;

CREATE INDEX licences_by_created ON licences (created, id);
CREATE INDEX licences_by_state_created ON licences (state, created, id);
