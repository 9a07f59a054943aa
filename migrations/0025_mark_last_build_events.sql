-- The newest end of a build, told while the build service has nothing more to do there: also the answer to a
-- rebuild that it saw no reason for.

ALTER TABLE build_events ADD COLUMN is_last boolean NOT NULL DEFAULT false;

ALTER TABLE package_revisions
    ADD COLUMN open boolean NOT NULL DEFAULT false;  -- when last asked about: some of its builds had not ended
