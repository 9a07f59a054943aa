-- Logins at an Open Build Service. user_id: whose steps ask with it; null: the instance's, for all who have none.
-- origin: where it may go.

CREATE TABLE build_service_credentials (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       bigint REFERENCES users ON DELETE CASCADE,
    origin        text NOT NULL CHECK (origin <> ''),
    account       text NOT NULL CHECK (account <> '' AND length(account) <= 255 AND position(':' IN account) = 0),
    password      bytea NOT NULL,  -- a sealed box for "build_service_credentials.password/USER_ID" or ".../instance"
    secret_key_id text NOT NULL REFERENCES secret_keys,
    created_at    timestamptz NOT NULL DEFAULT now(),
    changed_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_build_service_login UNIQUE NULLS NOT DISTINCT (user_id)
);
