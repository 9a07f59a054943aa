-- A run's success is told to a forge after the pending statuses of its builds.

ALTER TABLE jobs
    ADD COLUMN behind bigint;                      -- the commit status whose report lets this waiting job go at once
CREATE INDEX jobs_behind ON jobs (behind) WHERE behind IS NOT NULL;
