-- Where a forge accepts statuses for a commit; empty: in the repository itself. GitLab takes those of a merge request
-- from a fork only in the fork (decision D4).
ALTER TABLE commit_statuses ADD COLUMN posted_to text NOT NULL DEFAULT '';

-- From the configuration file: read-only for `heddle forge`.
ALTER TABLE forges ADD COLUMN configured boolean NOT NULL DEFAULT false;
