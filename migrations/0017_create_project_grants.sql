-- Which projects of a build service that knows Heddle by one account a user or group may change: a project and
-- all below it. Nobody has one to begin with.

CREATE TABLE project_grants (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    prefix     text NOT NULL CHECK (prefix <> '' AND length(prefix) <= 200),
    user_id    bigint REFERENCES users ON DELETE CASCADE,
    group_id   bigint REFERENCES groups ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT granted_to_one CHECK (num_nonnulls(user_id, group_id) = 1),
    CONSTRAINT granted_once UNIQUE NULLS NOT DISTINCT (user_id, group_id, prefix)
);
CREATE INDEX project_grants_by_group ON project_grants (group_id) WHERE group_id IS NOT NULL;
