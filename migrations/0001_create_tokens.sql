-- Who acts, where, and with which secret.

CREATE TABLE secret_keys (
    key_id     text PRIMARY KEY CHECK (key_id ~ '^[0-9a-f]{16}$'),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login      text NOT NULL UNIQUE CHECK (login <> '' AND length(login) <= 255),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE forges (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text NOT NULL UNIQUE CHECK (name <> ''),
    kind            text NOT NULL CHECK (kind IN ('github', 'gitlab', 'gitea', 'git')),
    web_url         text NOT NULL DEFAULT '',
    api_url         text NOT NULL DEFAULT '',
    private_network boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT now()
);

-- identity is the forge's own id (for plain git the absolute path): a rename changes the name, not the identity.
CREATE TABLE repositories (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    forge_id   bigint NOT NULL REFERENCES forges ON DELETE CASCADE,
    identity   text NOT NULL CHECK (identity <> ''),
    full_name  text NOT NULL,
    clone_url  text NOT NULL DEFAULT '',
    web_url    text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_repository_per_identity UNIQUE (forge_id, identity)
);

-- secret is a sealed box (app/crypto/secret_box.hpp), secret_digest the keyed digest for looking it up.
CREATE TABLE tokens (
    id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind               text NOT NULL CHECK (kind IN ('workflow', 'rebuild', 'release', 'service')),
    executor_id        bigint NOT NULL REFERENCES users,
    forge_id           bigint REFERENCES forges,
    secret             bytea NOT NULL,
    secret_digest      bytea NOT NULL UNIQUE CHECK (length(secret_digest) = 32),
    secret_key_id      text NOT NULL REFERENCES secret_keys,
    description        text NOT NULL DEFAULT '' CHECK (length(description) <= 64),
    enabled            boolean NOT NULL DEFAULT true,
    configuration_path text NOT NULL DEFAULT '.obs/workflows.yml' CHECK (length(configuration_path) <= 255),
    triggered_at       timestamptz,
    created_at         timestamptz NOT NULL DEFAULT now()
);
