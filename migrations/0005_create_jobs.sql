-- Background work. A finished job is deleted: what it did stands elsewhere. Jobs of one (kind, key) run in order of
-- id, one at a time; one that waits for its retry blocks its key.
--
-- attempt counts claims and is the fence of every recording (id, attempt, running); only failures count towards
-- max_attempts, so that a job given back at a stop, or left by a killed process, does not die of it.

-- A process that works holds the session lock (1214599249, id): where the lock is gone, the process is dead.
CREATE TABLE workers (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host       text NOT NULL,
    pid        integer NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE jobs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    payload      jsonb NOT NULL DEFAULT '{}',
    state        text NOT NULL DEFAULT 'available' CHECK (state IN ('available', 'running', 'dead')),
    attempt      integer NOT NULL DEFAULT 0,
    failures     integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL CHECK (max_attempts >= 1),
    run_at       timestamptz NOT NULL DEFAULT now(),
    lease_until  timestamptz,
    worker_id    integer,
    error        text NOT NULL DEFAULT '',         -- of the last attempt that failed
    repeats      integer NOT NULL DEFAULT 0,       -- attempts that a dead or stuck worker left unfinished
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT leased_when_running CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CONSTRAINT worked_when_running CHECK ((state = 'running') = (worker_id IS NOT NULL))
);
CREATE INDEX jobs_available ON jobs (run_at, id) WHERE state = 'available';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_in_order ON jobs (kind, key, id) WHERE state = 'available';
-- Two claimers can't see each other's uncommitted choice: this keeps the key to one of them.
CREATE UNIQUE INDEX one_running_per_key ON jobs (kind, key) WHERE state = 'running';
-- One waiting sync_status per status is enough: it sends the newest version.
CREATE UNIQUE INDEX one_waiting_sync ON jobs (key) WHERE kind = 'sync_status' AND state = 'available';

-- Rows live for milliseconds: leave room for updates on the page and sweep early.
ALTER TABLE jobs SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE FUNCTION notify_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('heddle_jobs', '');
    RETURN NULL;
END $$;
CREATE TRIGGER jobs_wake AFTER INSERT ON jobs FOR EACH STATEMENT EXECUTE FUNCTION notify_jobs();
