-- The embedded build service: projects, packages, sources, builds.

-- A deleted project keeps its rows until retention takes them, so that it can be restored.
CREATE TABLE bs_projects (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    title       text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    url         text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz
);
CREATE UNIQUE INDEX bs_one_live_project_per_name ON bs_projects (name) WHERE deleted_at IS NULL;
CREATE INDEX bs_deleted_projects ON bs_projects (name, deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE bs_maintainers (
    project_id bigint NOT NULL REFERENCES bs_projects ON DELETE CASCADE,
    login      text NOT NULL,
    PRIMARY KEY (project_id, login)
);

CREATE TABLE bs_repositories (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id    bigint NOT NULL REFERENCES bs_projects ON DELETE CASCADE,
    name          text NOT NULL,
    rebuild       text CHECK (rebuild IN ('transitive', 'direct', 'local')),
    linkedbuild   text CHECK (linkedbuild IN ('off', 'localdep', 'all', 'alldirect', 'alldirect_or_localdep')),
    architectures text[] NOT NULL DEFAULT '{}',
    CONSTRAINT bs_one_repository_per_name UNIQUE (project_id, name)
);

CREATE TABLE bs_repository_paths (
    repository_id bigint NOT NULL REFERENCES bs_repositories ON DELETE CASCADE,
    position      integer NOT NULL,
    project       text NOT NULL,
    repository    text NOT NULL,
    PRIMARY KEY (repository_id, position),
    CONSTRAINT bs_path_once UNIQUE (repository_id, project, repository)
);

CREATE TABLE bs_packages (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id   bigint NOT NULL REFERENCES bs_projects ON DELETE CASCADE,
    name         text NOT NULL,
    scmsync      text,                             -- git URL, revision in the fragment; null: files are kept here
    link_project text,                             -- a link builds the sources of that package
    link_package text,
    automatic    boolean NOT NULL DEFAULT false,   -- made by `heddle try` since a step named it, by nobody's hand
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bs_one_package_per_name UNIQUE (project_id, name),
    CONSTRAINT bs_link_is_whole CHECK ((link_project IS NULL) = (link_package IS NULL))
);

-- rev counts up per name and never falls, over deletion and re-creation too: build events are matched by it.
CREATE TABLE bs_revision_counters (
    project text NOT NULL,
    package text NOT NULL,
    rev     integer NOT NULL,                      -- the last one given out
    PRIMARY KEY (project, package)
);

-- Each change of a package's sources. git_commit is what the URL's fragment meant when the revision was made.
CREATE TABLE bs_revisions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    package_id bigint NOT NULL REFERENCES bs_packages ON DELETE CASCADE,
    rev        integer NOT NULL,
    srcmd5     text NOT NULL,
    git_url    text,
    git_commit text,
    comment    text NOT NULL DEFAULT '',
    run        text NOT NULL DEFAULT '',           -- mark of the run that made it
    login      text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bs_one_revision_per_number UNIQUE (package_id, rev)
);
CREATE INDEX bs_revisions_by_run ON bs_revisions (package_id, run) WHERE run <> '';

CREATE TABLE bs_blobs (
    digest  bytea PRIMARY KEY CHECK (length(digest) = 32),
    content bytea NOT NULL
);

CREATE TABLE bs_files (
    revision_id bigint NOT NULL REFERENCES bs_revisions ON DELETE CASCADE,
    name        text NOT NULL CHECK (name <> '' AND name !~ '(^|/)\.\.?(/|$)' AND name !~ '^/'),
    digest      bytea NOT NULL REFERENCES bs_blobs,
    executable  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (revision_id, name)
);

CREATE TABLE bs_flags (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id   bigint NOT NULL REFERENCES bs_projects ON DELETE CASCADE,
    package_id   bigint REFERENCES bs_packages ON DELETE CASCADE,  -- null: of the project
    type         text NOT NULL CHECK (type IN ('lock', 'build', 'publish', 'debuginfo', 'useforbuild', 'binarydownload', 'sourceaccess', 'access')),
    status       text NOT NULL CHECK (status IN ('enable', 'disable')),
    repository   text NOT NULL DEFAULT '',
    architecture text NOT NULL DEFAULT '',
    CONSTRAINT bs_one_flag UNIQUE NULLS NOT DISTINCT (project_id, package_id, type, repository, architecture)
);

-- The builds of one package, repository and architecture; the newest row is its state.
CREATE TABLE bs_builds (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    package_id   bigint NOT NULL REFERENCES bs_packages ON DELETE CASCADE,
    revision_id  bigint NOT NULL REFERENCES bs_revisions ON DELETE CASCADE,
    source_id    bigint REFERENCES bs_revisions ON DELETE SET NULL,  -- whose sources are built: for a link another package's
    repository   text NOT NULL,
    architecture text NOT NULL,
    state        text NOT NULL DEFAULT 'scheduled' CHECK (state IN
                   ('scheduled', 'building', 'succeeded', 'failed', 'broken', 'unresolvable', 'excluded', 'disabled', 'withdrawn')),
    details      text NOT NULL DEFAULT '',
    tries        integer NOT NULL DEFAULT 0,       -- how often a worker began it; more than one: a worker died
    worker_id    integer,
    log_chunks   integer NOT NULL DEFAULT 0,       -- numbers given to log chunks so far, those of earlier tries too
    lease_until  timestamptz,
    stop_reason  text,                             -- told to stop, and why; it ends withdrawn
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    not_before   timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at   timestamptz,
    ended_at     timestamptz,
    CONSTRAINT bs_leased_when_building CHECK ((state = 'building') = (lease_until IS NOT NULL)),
    CONSTRAINT bs_worked_when_building CHECK ((state = 'building') = (worker_id IS NOT NULL)),
    CONSTRAINT bs_only_running_stop CHECK (stop_reason IS NULL OR state IN ('building', 'withdrawn')),
    CONSTRAINT bs_ended_when_done CHECK ((state IN ('scheduled', 'building')) = (ended_at IS NULL))
);
CREATE INDEX bs_builds_by_package ON bs_builds (package_id, repository, architecture, id);
CREATE INDEX bs_builds_by_source ON bs_builds (source_id);
CREATE INDEX bs_builds_by_revision ON bs_builds (revision_id);
CREATE INDEX bs_builds_scheduled ON bs_builds (id) WHERE state = 'scheduled';
CREATE INDEX bs_builds_building ON bs_builds (lease_until) WHERE state = 'building';
CREATE UNIQUE INDEX bs_one_scheduled_build ON bs_builds (package_id, repository, architecture) WHERE state = 'scheduled';

CREATE INDEX bs_packages_by_link ON bs_packages (link_project, link_package) WHERE link_project IS NOT NULL;
CREATE INDEX bs_repository_paths_by_target ON bs_repository_paths (project, repository);

CREATE TABLE bs_log_chunks (
    build_id bigint NOT NULL REFERENCES bs_builds ON DELETE CASCADE,
    seq      integer NOT NULL,
    bytes    bytea NOT NULL,                       -- zstd
    size     integer NOT NULL CHECK (size >= 0),   -- unpacked
    PRIMARY KEY (build_id, seq)
);

CREATE FUNCTION bs_notify_builds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('heddle_builds', '');
    RETURN NULL;
END $$;
CREATE TRIGGER bs_builds_wake AFTER INSERT OR UPDATE OF not_before, stop_reason ON bs_builds FOR EACH STATEMENT EXECUTE FUNCTION bs_notify_builds();
