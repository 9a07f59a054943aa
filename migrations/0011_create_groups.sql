-- Groups of users, and whom a token is shared with: they see its runs as its executor does.

CREATE TABLE groups (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE CHECK (name <> '' AND length(name) <= 255),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE group_members (
    group_id bigint NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id  bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);

CREATE TABLE token_shares (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_id   bigint NOT NULL REFERENCES tokens ON DELETE CASCADE,
    user_id    bigint REFERENCES users ON DELETE CASCADE,
    group_id   bigint REFERENCES groups ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT shared_with_one CHECK (num_nonnulls(user_id, group_id) = 1),
    CONSTRAINT shared_once UNIQUE NULLS NOT DISTINCT (token_id, user_id, group_id)
);
CREATE INDEX token_shares_by_user ON token_shares (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX token_shares_by_group ON token_shares (group_id) WHERE group_id IS NOT NULL;
