-- Where a forge accepts statuses for a commit; empty: in the repository itself. GitLab takes those of a merge request
-- from a fork only in the fork (decision D4). The same commit shown in two places has two statuses: each has readers of
-- its own, and what is pending there has to end there.
ALTER TABLE commit_statuses
    ADD COLUMN posted_to text NOT NULL DEFAULT '',
    DROP CONSTRAINT one_status_per_context,
    ADD CONSTRAINT one_status_per_context UNIQUE (forge_id, repository_id, commit_sha, context, posted_to);

-- From the configuration file: read-only for `heddle forge`.
ALTER TABLE forges ADD COLUMN configured boolean NOT NULL DEFAULT false;

-- Anybody may read it at the forge, as its last delivery said; its runs may then be seen without signing in.
ALTER TABLE repositories ADD COLUMN public boolean NOT NULL DEFAULT false;

-- The pages list the runs of a token and those that everybody may see, newest first, and a run's deliveries.
CREATE INDEX workflow_runs_by_token ON workflow_runs (token_id, id);
CREATE INDEX workflow_runs_public ON workflow_runs (repository_id, id) WHERE (event->>'public') = 'true';
CREATE INDEX deliveries_by_first ON deliveries (duplicate_of) WHERE duplicate_of IS NOT NULL;
