-- Statuses are level-triggered (design 4.1): producers write contributions, the status is computed from them, its
-- version grows only when the value changes, and sync_status sends the newest version not yet sent.

CREATE TABLE commit_statuses (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    forge_id      bigint NOT NULL REFERENCES forges ON DELETE CASCADE,
    repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
    token_id      bigint NOT NULL REFERENCES tokens ON DELETE CASCADE,  -- whose credential reports it: the newest producer's
    commit_sha    text NOT NULL CHECK (commit_sha <> ''),
    context       text NOT NULL CHECK (context <> ''),
    state         text NOT NULL CHECK (state IN ('success', 'pending', 'failure', 'error')),
    text          text NOT NULL DEFAULT '',
    url           text NOT NULL DEFAULT '',
    version       bigint NOT NULL DEFAULT 1,
    sent_version  bigint NOT NULL DEFAULT 0,
    given_up      bigint NOT NULL DEFAULT 0,       -- the newest version that can't be sent; status_reports says why
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_status_per_context UNIQUE (forge_id, repository_id, commit_sha, context),
    CONSTRAINT never_ahead CHECK (sent_version <= version AND given_up <= version)
);

-- cause orders what one producer says: {package revision, build start in microseconds, 0} for builds,
-- {run, attempt, 0} for runs. A write with a smaller cause changes nothing.
CREATE TABLE status_contributions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    status_id  bigint NOT NULL REFERENCES commit_statuses ON DELETE CASCADE,
    producer   text NOT NULL,
    cause      bigint[] NOT NULL CHECK (cardinality(cause) = 3),
    state      text NOT NULL CHECK (state IN ('success', 'pending', 'failure', 'error')),
    text       text NOT NULL DEFAULT '',
    url        text NOT NULL DEFAULT '',
    live       boolean NOT NULL DEFAULT true,      -- false: its project or package is gone
    run_id     bigint REFERENCES workflow_runs ON DELETE SET NULL,
    project    text NOT NULL DEFAULT '',
    package    text NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_contribution_per_producer UNIQUE (status_id, producer)
);
CREATE INDEX status_contributions_by_package ON status_contributions (project, package) WHERE live;
CREATE INDEX status_contributions_pending ON status_contributions (run_id) WHERE state = 'pending';

CREATE TABLE status_reports (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    status_id   bigint NOT NULL REFERENCES commit_statuses ON DELETE CASCADE,
    version     bigint NOT NULL,
    state       text NOT NULL CHECK (state IN ('sending', 'sent', 'confirmed', 'failed', 'given_up')),
    sent_state  text NOT NULL,                     -- what was said: state and text of that version
    sent_text   text NOT NULL DEFAULT '',
    message     text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CONSTRAINT finished_unless_sending CHECK ((state = 'sending') = (finished_at IS NULL))
);
CREATE INDEX status_reports_by_status ON status_reports (status_id, id);
