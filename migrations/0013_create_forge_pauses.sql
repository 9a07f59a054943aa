-- A forge that told somebody to wait (Retry-After, X-RateLimit-Reset) meant whoever asks with that credential, not one
-- request: nobody asks it with the credential before that time. Without a credential it counts the machine.

CREATE TABLE forge_pauses (
    forge_id      bigint NOT NULL REFERENCES forges ON DELETE CASCADE,
    credential_id bigint REFERENCES credentials ON DELETE CASCADE,  -- null: of all tokens without one
    until         timestamptz NOT NULL,
    CONSTRAINT one_pause_per_credential UNIQUE NULLS NOT DISTINCT (forge_id, credential_id)
);
