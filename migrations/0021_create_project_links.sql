-- Project links of the embedded build service: the packages of the linked projects appear in the linking one.

CREATE TABLE bs_project_links (
    project_id     bigint NOT NULL REFERENCES bs_projects ON DELETE CASCADE,
    position       integer NOT NULL,               -- the earlier one's package counts
    linked_project text NOT NULL,                  -- by name: it may be deleted, and come back
    PRIMARY KEY (project_id, position),
    CONSTRAINT bs_project_link_once UNIQUE (project_id, linked_project)
);
