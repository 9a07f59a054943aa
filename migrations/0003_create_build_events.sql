-- Who listens to which package, which commit each revision was made for, and what build services said.

CREATE TABLE event_subscriptions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     bigint NOT NULL REFERENCES workflow_runs ON DELETE CASCADE,  -- the newest
    token_id   bigint NOT NULL REFERENCES tokens ON DELETE CASCADE,
    event_type text NOT NULL CHECK (event_type IN ('build_success', 'build_fail')),
    project    text NOT NULL,
    package    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_listener_per_package UNIQUE (token_id, event_type, project, package)
);
CREATE INDEX event_subscriptions_by_package ON event_subscriptions (project, package);

-- The order of ids is the order of causes (design 4.2). A row is written before the build service is asked, and
-- completed with the revision afterwards; until then rev and srcmd5 are null.
CREATE TABLE package_revisions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id       bigint NOT NULL REFERENCES workflow_runs ON DELETE CASCADE,
    token_id     bigint NOT NULL REFERENCES tokens ON DELETE CASCADE,
    attempt      integer NOT NULL,
    step_index   integer NOT NULL,
    project      text NOT NULL,
    package      text NOT NULL,
    commit_sha   text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('source', 'rebuild')),
    rev          text,
    srcmd5       text,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    completed_at timestamptz,
    CONSTRAINT one_revision_per_step UNIQUE (run_id, attempt, step_index, project, package)
);
CREATE INDEX package_revisions_by_package ON package_revisions (project, package, id);

CREATE TABLE build_events (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sender       text NOT NULL,
    sender_id    text,
    type         text NOT NULL,
    project      text NOT NULL,
    package      text NOT NULL DEFAULT '',
    repository   text NOT NULL DEFAULT '',
    architecture text NOT NULL DEFAULT '',
    rev          text NOT NULL DEFAULT '',
    srcmd5       text NOT NULL DEFAULT '',
    started_at   timestamptz,
    ended_at     timestamptz,
    reason       text NOT NULL DEFAULT '',
    state        text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'matched', 'kept')),
    received_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_event_per_sender_id UNIQUE (sender, sender_id)
);
CREATE INDEX build_events_kept ON build_events (project, package, id) WHERE state = 'kept';
CREATE INDEX build_events_by_age ON build_events (received_at);
