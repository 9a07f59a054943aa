-- Where a forge accepts statuses for a commit (posted_to) is kept by the forge's own identity where it is known: a name
-- may change while a build runs, and one that changed is no other place. The full name stays beside it, for people.
-- Rows of before, and of what runs from before, keep a name as the identity.
ALTER TABLE commit_statuses ADD COLUMN posted_to_name text NOT NULL DEFAULT '';
UPDATE commit_statuses SET posted_to_name = posted_to WHERE posted_to <> '';
