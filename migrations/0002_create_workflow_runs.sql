-- One run per accepted event; steps carry the attempt that executed them.

CREATE TABLE workflow_runs (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_id      bigint NOT NULL REFERENCES tokens ON DELETE CASCADE,
    repository_id bigint NOT NULL REFERENCES repositories,
    origin        text NOT NULL CHECK (origin IN ('webhook', 'schedule', 'poll', 'message', 'manual')),
    origin_key    text,  -- finds a run again by what started it: the same `heddle try` resumes its run
    event         jsonb NOT NULL,
    number        bigint,                          -- of the pull request
    commit_sha    text NOT NULL DEFAULT '',
    queue_key     text NOT NULL,                   -- forge/repository/pull request or ref: runs of one key never overlap
    status        text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'success', 'fail', 'cancelled')),
    attempt       integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    message       text NOT NULL DEFAULT '',
    configuration text,                            -- the file as it was read, before placeholders
    problems      jsonb NOT NULL DEFAULT '[]',     -- [{line, column, message}]
    warnings      jsonb NOT NULL DEFAULT '[]',
    plan          jsonb NOT NULL DEFAULT '[]',     -- workflows with their deciding filters, as `plan --json`
    created_at    timestamptz NOT NULL DEFAULT now(),
    started_at    timestamptz,
    finished_at   timestamptz,
    CONSTRAINT one_run_per_origin UNIQUE (token_id, origin_key),
    CONSTRAINT finished_when_ended CHECK ((status IN ('success', 'fail', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE INDEX workflow_runs_by_pull_request ON workflow_runs (repository_id, number, id) WHERE number IS NOT NULL;
CREATE INDEX workflow_runs_by_age ON workflow_runs (created_at);

CREATE TABLE run_steps (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id      bigint NOT NULL REFERENCES workflow_runs ON DELETE CASCADE,
    attempt     integer NOT NULL,
    step_index  integer NOT NULL,
    workflow    text NOT NULL,
    step        text NOT NULL,
    line        integer NOT NULL DEFAULT 0,
    status      text NOT NULL CHECK (status IN ('running', 'done', 'not_applicable', 'fail')),
    tries       integer NOT NULL DEFAULT 1,        -- how often it was begun in this attempt: repeats are counted
    message     text NOT NULL DEFAULT '',
    artifacts   jsonb NOT NULL DEFAULT '{}',
    started_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CONSTRAINT one_row_per_step UNIQUE (run_id, attempt, step_index),
    CONSTRAINT finished_unless_running CHECK ((status = 'running') = (finished_at IS NULL))
);

-- Heddle knows what it made: only these projects are deleted when a pull request closes.
CREATE TABLE pull_request_projects (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository_id bigint NOT NULL REFERENCES repositories,
    number        bigint NOT NULL,
    project       text NOT NULL,
    run_id        bigint REFERENCES workflow_runs ON DELETE SET NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    deleted_at    timestamptz,
    CONSTRAINT one_pull_request_per_project UNIQUE (project)
);
CREATE INDEX pull_request_projects_by_number ON pull_request_projects (repository_id, number);
