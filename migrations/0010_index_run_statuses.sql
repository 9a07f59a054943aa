-- The pages list runs of one status: what hardly occurs must not be searched for among all that went well. Success,
-- which is most of them, is soon found without an index.
CREATE INDEX workflow_runs_unsuccessful ON workflow_runs (status, id) WHERE status <> 'success';
CREATE INDEX workflow_runs_unsuccessful_by_token ON workflow_runs (token_id, status, id) WHERE status <> 'success';
CREATE INDEX workflow_runs_unsuccessful_by_repository ON workflow_runs (repository_id, status, id)
    WHERE status <> 'success';
