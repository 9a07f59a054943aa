-- What belongs to a run is looked for by the pages, and by each run that its retention time ends.
CREATE INDEX event_subscriptions_by_run ON event_subscriptions (run_id);
CREATE INDEX pull_request_projects_by_run ON pull_request_projects (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX status_contributions_by_run ON status_contributions (run_id);
DROP INDEX status_contributions_pending;

-- What a token did not report is sent when it is enabled again.
CREATE INDEX commit_statuses_by_token ON commit_statuses (token_id);
