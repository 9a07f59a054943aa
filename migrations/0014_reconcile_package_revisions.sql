-- What a build service did not tell, or told while nobody listened, is asked for: each revision is looked at until
-- nothing about it is open.

ALTER TABLE package_revisions
    ADD COLUMN reconciled_at timestamptz,               -- when the build service was asked about it; null: never
    ADD COLUMN settled boolean NOT NULL DEFAULT false;  -- nothing is left to ask

CREATE INDEX package_revisions_unsettled ON package_revisions (completed_at) WHERE NOT settled;
