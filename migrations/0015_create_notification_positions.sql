-- How far the queue of an OBS backend was read. The position moves in the transaction that stores what was read.

CREATE TABLE notification_positions (
    source      text PRIMARY KEY,  -- the backend's URL
    repoid      text NOT NULL,     -- the backend's name for its data; another one: the queue was made anew
    generation  bigint GENERATED ALWAYS AS IDENTITY,  -- of the numbers: another one where they began again
    next_number bigint NOT NULL CHECK (next_number > 0),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
