-- Build events were lost: what they may have told is asked for at once, however young the revision is.

ALTER TABLE package_revisions
    ADD COLUMN missed_at timestamptz;  -- when events about it may have been lost, until it was asked about; null: none
