-- A repository's name as each token was told it. Statuses go by the name that the reporting token knows: a delivery
-- of somebody else's token, which may claim any repository's number, can't lead them to another place.

CREATE TABLE repository_names (
    token_id      bigint NOT NULL REFERENCES tokens ON DELETE CASCADE,
    repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
    full_name     text NOT NULL,
    CONSTRAINT one_name_per_token PRIMARY KEY (token_id, repository_id)
);
CREATE INDEX repository_names_by_repository ON repository_names (repository_id);
