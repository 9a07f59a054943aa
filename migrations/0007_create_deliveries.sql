-- Each webhook request whose token was known, with its verdict. What strangers sent is never stored.

CREATE TABLE deliveries (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_id     bigint NOT NULL REFERENCES tokens ON DELETE CASCADE,
    forge_kind   text NOT NULL DEFAULT '',         -- empty: the headers name none that we know
    delivery_id  text,                             -- the forge's own id with its event header; null: it sent none
    event_name   text NOT NULL DEFAULT '',
    verdict      text NOT NULL CHECK (verdict IN ('accepted', 'ignored', 'duplicate', 'rejected')),
    reason       text NOT NULL DEFAULT '',
    duplicate_of bigint REFERENCES deliveries ON DELETE SET NULL,
    run_id       bigint REFERENCES workflow_runs ON DELETE SET NULL,  -- that it started, or whose next attempt it started
    event        jsonb,                            -- normalised, as `plan --json`
    headers      jsonb NOT NULL DEFAULT '[]',      -- [[name, value]], secrets redacted
    body         bytea NOT NULL DEFAULT '',        -- zstd
    body_size    integer NOT NULL DEFAULT 0,       -- bytes before compression
    answer_code  integer NOT NULL,
    answer       text NOT NULL DEFAULT '',         -- what it said
    received_at  timestamptz NOT NULL DEFAULT now()
);
-- A second delivery of an id is stored as a duplicate and names the first (design 4.9).
CREATE UNIQUE INDEX one_delivery_per_id ON deliveries (token_id, delivery_id) WHERE verdict <> 'duplicate';
-- One run per accepted delivery.
CREATE UNIQUE INDEX one_run_per_delivery ON deliveries (run_id) WHERE verdict = 'accepted';
-- So that purging runs finds what refers to them.
CREATE INDEX deliveries_by_run ON deliveries (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX deliveries_by_age ON deliveries (received_at);
