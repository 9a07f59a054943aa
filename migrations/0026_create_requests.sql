-- Requests: those of the embedded build service, and which commit each request that a step made is reported to.

CREATE TABLE bs_requests (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- its number
    source_project text NOT NULL,
    source_package text NOT NULL,
    source_rev     integer NOT NULL,
    target_project text NOT NULL,
    target_package text NOT NULL,
    description    text NOT NULL DEFAULT '',
    state          text NOT NULL DEFAULT 'new'
                     CHECK (state IN ('new', 'accepted', 'declined', 'revoked', 'superseded')),
    superseded_by  bigint REFERENCES bs_requests ON DELETE SET NULL,
    run            text NOT NULL DEFAULT '',       -- mark of the run that made it
    login          text NOT NULL,                  -- who made it
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bs_superseded_by_a_request CHECK (superseded_by IS NULL OR state = 'superseded')
);
CREATE INDEX bs_requests_open_by_source ON bs_requests (source_project, source_package) WHERE state = 'new';
CREATE INDEX bs_requests_open_by_target ON bs_requests (target_project, target_package) WHERE state = 'new';
CREATE INDEX bs_requests_superseded_by ON bs_requests (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE UNIQUE INDEX bs_one_request_per_run ON bs_requests (run, source_project, source_package, target_project, target_package)
    WHERE run <> '';

CREATE TABLE bs_request_history (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES bs_requests ON DELETE CASCADE,
    state      text NOT NULL,
    comment    text NOT NULL DEFAULT '',
    login      text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX bs_request_history_by_request ON bs_request_history (request_id, id);

-- The order of ids is the order of causes (design 4.2).
CREATE TABLE request_subscriptions (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id         bigint NOT NULL REFERENCES workflow_runs ON DELETE CASCADE,
    token_id       bigint NOT NULL REFERENCES tokens ON DELETE CASCADE,
    number         bigint NOT NULL,                -- of the request
    source_project text NOT NULL,
    source_package text NOT NULL,
    target_project text NOT NULL,
    target_package text NOT NULL,
    commit_sha     text NOT NULL,
    state          text NOT NULL,                  -- as it was last heard of
    changed_at     timestamptz,                    -- since when; null: since it was made
    asked_at       timestamptz,                    -- when the build service was asked about it; null: never
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_listener_per_request_and_commit UNIQUE (token_id, number, commit_sha)
);
CREATE INDEX request_subscriptions_by_number ON request_subscriptions (number);
CREATE INDEX request_subscriptions_by_run ON request_subscriptions (run_id);

ALTER TABLE build_events
    ADD COLUMN request bigint,                     -- its number; null: the event is about no request
    ADD COLUMN request_state text NOT NULL DEFAULT '';
CREATE INDEX build_events_kept_of_requests ON build_events (request, id) WHERE state = 'kept' AND request IS NOT NULL;
