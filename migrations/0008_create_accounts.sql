-- Who may sign in, with what tokens talk to forges, who may send build events, and who changed what.

ALTER TABLE users
    ADD COLUMN password text,                       -- scrypt: "N$r$p$salt$hash" in hex; null: can't sign in
    ADD COLUMN administrator boolean NOT NULL DEFAULT false,
    ADD COLUMN active boolean NOT NULL DEFAULT true;

-- token_hash: SHA-256 of the cookie's value.
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    csrf       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_age ON sessions (expires_at);

-- What a forge wants to see. origin: where it may go; locked: the forge's origin changed since, and nobody confirmed.
CREATE TABLE credentials (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    origin        text NOT NULL,
    secret        bytea NOT NULL,                   -- a sealed box for "credentials.secret/ID"
    secret_key_id text NOT NULL REFERENCES secret_keys,
    locked        boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE tokens
    ADD COLUMN credential_id bigint REFERENCES credentials ON DELETE SET NULL,  -- null: reads what everybody may, reports nothing
    ADD COLUMN configuration_url text CHECK (length(configuration_url) <= 8192);

-- Good for one build service and the projects below a prefix; empty: all of them.
CREATE TABLE api_keys (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL DEFAULT '',
    scope      text NOT NULL CHECK (scope IN ('build-events')),
    project    text NOT NULL DEFAULT '',
    key_digest bytea NOT NULL UNIQUE CHECK (length(key_digest) = 32),  -- keyed, as tokens.secret_digest
    user_id    bigint REFERENCES users ON DELETE CASCADE,
    used_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login      text NOT NULL,                       -- who; of the command line the user of the system
    action     text NOT NULL,                       -- "token.create"
    object     text NOT NULL DEFAULT '',            -- "token 12"
    details    text NOT NULL DEFAULT '',            -- never a secret
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_by_age ON audit_log (created_at);
