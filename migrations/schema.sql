-- What all migrations add up to, to be read; nothing applies it. Written by ./dev schema.

CREATE FUNCTION public.bs_notify_builds() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('heddle_builds', '');
    RETURN NULL;
END $$;

CREATE FUNCTION public.notify_jobs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('heddle_jobs', '');
    RETURN NULL;
END $$;

CREATE TABLE public.api_keys (
    id bigint NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    scope text NOT NULL,
    project text DEFAULT ''::text NOT NULL,
    key_digest bytea NOT NULL,
    user_id bigint,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT api_keys_key_digest_check CHECK ((length(key_digest) = 32)),
    CONSTRAINT api_keys_scope_check CHECK ((scope = 'build-events'::text))
);

ALTER TABLE public.api_keys ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.api_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_log (
    id bigint NOT NULL,
    login text NOT NULL,
    action text NOT NULL,
    object text DEFAULT ''::text NOT NULL,
    details text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bs_blobs (
    digest bytea NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT bs_blobs_digest_check CHECK ((length(digest) = 32))
);

CREATE TABLE public.bs_builds (
    id bigint NOT NULL,
    package_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    source_id bigint,
    repository text NOT NULL,
    architecture text NOT NULL,
    state text DEFAULT 'scheduled'::text NOT NULL,
    details text DEFAULT ''::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    worker_id integer,
    log_chunks integer DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    stop_reason text,
    requested_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    not_before timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT bs_builds_state_check CHECK ((state = ANY (ARRAY['scheduled'::text, 'building'::text, 'succeeded'::text, 'failed'::text, 'broken'::text, 'unresolvable'::text, 'excluded'::text, 'disabled'::text, 'withdrawn'::text]))),
    CONSTRAINT bs_ended_when_done CHECK (((state = ANY (ARRAY['scheduled'::text, 'building'::text])) = (ended_at IS NULL))),
    CONSTRAINT bs_leased_when_building CHECK (((state = 'building'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT bs_only_running_stop CHECK (((stop_reason IS NULL) OR (state = ANY (ARRAY['building'::text, 'withdrawn'::text])))),
    CONSTRAINT bs_worked_when_building CHECK (((state = 'building'::text) = (worker_id IS NOT NULL)))
);

ALTER TABLE public.bs_builds ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bs_builds_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bs_files (
    revision_id bigint NOT NULL,
    name text NOT NULL,
    digest bytea NOT NULL,
    executable boolean DEFAULT false NOT NULL,
    CONSTRAINT bs_files_name_check CHECK (((name <> ''::text) AND (name !~ '(^|/)\.\.?(/|$)'::text) AND (name !~ '^/'::text)))
);

CREATE TABLE public.bs_flags (
    id bigint NOT NULL,
    project_id bigint NOT NULL,
    package_id bigint,
    type text NOT NULL,
    status text NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    architecture text DEFAULT ''::text NOT NULL,
    CONSTRAINT bs_flags_status_check CHECK ((status = ANY (ARRAY['enable'::text, 'disable'::text]))),
    CONSTRAINT bs_flags_type_check CHECK ((type = ANY (ARRAY['lock'::text, 'build'::text, 'publish'::text, 'debuginfo'::text, 'useforbuild'::text, 'binarydownload'::text, 'sourceaccess'::text, 'access'::text])))
);

ALTER TABLE public.bs_flags ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bs_flags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bs_log_chunks (
    build_id bigint NOT NULL,
    seq integer NOT NULL,
    bytes bytea NOT NULL,
    size integer NOT NULL,
    CONSTRAINT bs_log_chunks_size_check CHECK ((size >= 0))
);

CREATE TABLE public.bs_maintainers (
    project_id bigint NOT NULL,
    login text NOT NULL
);

CREATE TABLE public.bs_packages (
    id bigint NOT NULL,
    project_id bigint NOT NULL,
    name text NOT NULL,
    scmsync text,
    link_project text,
    link_package text,
    automatic boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT bs_link_is_whole CHECK (((link_project IS NULL) = (link_package IS NULL)))
);

ALTER TABLE public.bs_packages ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bs_packages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bs_project_links (
    project_id bigint NOT NULL,
    "position" integer NOT NULL,
    linked_project text NOT NULL
);

CREATE TABLE public.bs_projects (
    id bigint NOT NULL,
    name text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

ALTER TABLE public.bs_projects ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bs_projects_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bs_repositories (
    id bigint NOT NULL,
    project_id bigint NOT NULL,
    name text NOT NULL,
    rebuild text,
    linkedbuild text,
    architectures text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT bs_repositories_linkedbuild_check CHECK ((linkedbuild = ANY (ARRAY['off'::text, 'localdep'::text, 'all'::text, 'alldirect'::text, 'alldirect_or_localdep'::text]))),
    CONSTRAINT bs_repositories_rebuild_check CHECK ((rebuild = ANY (ARRAY['transitive'::text, 'direct'::text, 'local'::text])))
);

ALTER TABLE public.bs_repositories ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bs_repositories_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bs_repository_paths (
    repository_id bigint NOT NULL,
    "position" integer NOT NULL,
    project text NOT NULL,
    repository text NOT NULL
);

CREATE TABLE public.bs_request_history (
    id bigint NOT NULL,
    request_id bigint NOT NULL,
    state text NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    login text NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE public.bs_request_history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bs_request_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bs_requests (
    id bigint NOT NULL,
    source_project text NOT NULL,
    source_package text NOT NULL,
    source_rev integer NOT NULL,
    target_project text NOT NULL,
    target_package text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'new'::text NOT NULL,
    superseded_by bigint,
    run text DEFAULT ''::text NOT NULL,
    login text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT bs_requests_state_check CHECK ((state = ANY (ARRAY['new'::text, 'accepted'::text, 'declined'::text, 'revoked'::text, 'superseded'::text]))),
    CONSTRAINT bs_superseded_by_a_request CHECK (((superseded_by IS NULL) OR (state = 'superseded'::text)))
);

ALTER TABLE public.bs_requests ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bs_requests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bs_revision_counters (
    project text NOT NULL,
    package text NOT NULL,
    rev integer NOT NULL
);

CREATE TABLE public.bs_revisions (
    id bigint NOT NULL,
    package_id bigint NOT NULL,
    rev integer NOT NULL,
    srcmd5 text NOT NULL,
    git_url text,
    git_commit text,
    comment text DEFAULT ''::text NOT NULL,
    run text DEFAULT ''::text NOT NULL,
    login text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.bs_revisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bs_revisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.build_events (
    id bigint NOT NULL,
    sender text NOT NULL,
    sender_id text,
    type text NOT NULL,
    project text NOT NULL,
    package text DEFAULT ''::text NOT NULL,
    repository text DEFAULT ''::text NOT NULL,
    architecture text DEFAULT ''::text NOT NULL,
    rev text DEFAULT ''::text NOT NULL,
    srcmd5 text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'new'::text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    is_last boolean DEFAULT false NOT NULL,
    request bigint,
    request_state text DEFAULT ''::text NOT NULL,
    CONSTRAINT build_events_state_check CHECK ((state = ANY (ARRAY['new'::text, 'matched'::text, 'kept'::text])))
);

ALTER TABLE public.build_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.build_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.build_service_credentials (
    id bigint NOT NULL,
    user_id bigint,
    origin text NOT NULL,
    account text NOT NULL,
    password bytea NOT NULL,
    secret_key_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT build_service_credentials_account_check CHECK (((account <> ''::text) AND (length(account) <= 255) AND (POSITION((':'::text) IN (account)) = 0))),
    CONSTRAINT build_service_credentials_origin_check CHECK ((origin <> ''::text))
);

ALTER TABLE public.build_service_credentials ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.build_service_credentials_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.commit_statuses (
    id bigint NOT NULL,
    forge_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    token_id bigint NOT NULL,
    commit_sha text NOT NULL,
    context text NOT NULL,
    state text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    sent_version bigint DEFAULT 0 NOT NULL,
    given_up bigint DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    posted_to text DEFAULT ''::text NOT NULL,
    posted_to_name text DEFAULT ''::text NOT NULL,
    CONSTRAINT commit_statuses_commit_sha_check CHECK ((commit_sha <> ''::text)),
    CONSTRAINT commit_statuses_context_check CHECK ((context <> ''::text)),
    CONSTRAINT commit_statuses_state_check CHECK ((state = ANY (ARRAY['success'::text, 'pending'::text, 'failure'::text, 'error'::text]))),
    CONSTRAINT never_ahead CHECK (((sent_version <= version) AND (given_up <= version)))
);

ALTER TABLE public.commit_statuses ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.commit_statuses_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.credentials (
    id bigint NOT NULL,
    origin text NOT NULL,
    secret bytea NOT NULL,
    secret_key_id text NOT NULL,
    locked boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.credentials ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.credentials_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.deliveries (
    id bigint NOT NULL,
    token_id bigint NOT NULL,
    forge_kind text DEFAULT ''::text NOT NULL,
    delivery_id text,
    event_name text DEFAULT ''::text NOT NULL,
    verdict text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    duplicate_of bigint,
    run_id bigint,
    event jsonb,
    headers jsonb DEFAULT '[]'::jsonb NOT NULL,
    body bytea DEFAULT '\x'::bytea NOT NULL,
    body_size integer DEFAULT 0 NOT NULL,
    answer_code integer NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT deliveries_verdict_check CHECK ((verdict = ANY (ARRAY['accepted'::text, 'ignored'::text, 'duplicate'::text, 'rejected'::text])))
);

ALTER TABLE public.deliveries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.event_subscriptions (
    id bigint NOT NULL,
    run_id bigint NOT NULL,
    token_id bigint NOT NULL,
    event_type text NOT NULL,
    project text NOT NULL,
    package text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT event_subscriptions_event_type_check CHECK ((event_type = ANY (ARRAY['build_success'::text, 'build_fail'::text])))
);

ALTER TABLE public.event_subscriptions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_subscriptions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.forge_pauses (
    forge_id bigint NOT NULL,
    credential_id bigint,
    until timestamp with time zone NOT NULL
);

CREATE TABLE public.forges (
    id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    web_url text DEFAULT ''::text NOT NULL,
    api_url text DEFAULT ''::text NOT NULL,
    private_network boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    configured boolean DEFAULT false NOT NULL,
    known_hosts text DEFAULT ''::text NOT NULL,
    CONSTRAINT forges_kind_check CHECK ((kind = ANY (ARRAY['github'::text, 'gitlab'::text, 'gitea'::text, 'git'::text]))),
    CONSTRAINT forges_name_check CHECK ((name <> ''::text))
);

ALTER TABLE public.forges ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.forges_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.group_members (
    group_id bigint NOT NULL,
    user_id bigint NOT NULL
);

CREATE TABLE public.groups (
    id bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT groups_name_check CHECK (((name <> ''::text) AND (length(name) <= 255)))
);

ALTER TABLE public.groups ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.jobs (
    id bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text DEFAULT 'available'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    max_attempts integer NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    lease_until timestamp with time zone,
    worker_id integer,
    error text DEFAULT ''::text NOT NULL,
    repeats integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    behind bigint,
    CONSTRAINT jobs_max_attempts_check CHECK ((max_attempts >= 1)),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['available'::text, 'running'::text, 'dead'::text]))),
    CONSTRAINT leased_when_running CHECK (((state = 'running'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT worked_when_running CHECK (((state = 'running'::text) = (worker_id IS NOT NULL)))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='1000');

ALTER TABLE public.jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notification_positions (
    source text NOT NULL,
    repoid text NOT NULL,
    generation bigint NOT NULL,
    next_number bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notification_positions_next_number_check CHECK ((next_number > 0))
);

ALTER TABLE public.notification_positions ALTER COLUMN generation ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notification_positions_generation_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.package_revisions (
    id bigint NOT NULL,
    run_id bigint NOT NULL,
    token_id bigint NOT NULL,
    attempt integer NOT NULL,
    step_index integer NOT NULL,
    project text NOT NULL,
    package text NOT NULL,
    commit_sha text NOT NULL,
    kind text NOT NULL,
    rev text,
    srcmd5 text,
    requested_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    completed_at timestamp with time zone,
    reconciled_at timestamp with time zone,
    settled boolean DEFAULT false NOT NULL,
    missed_at timestamp with time zone,
    open boolean DEFAULT false NOT NULL,
    CONSTRAINT package_revisions_kind_check CHECK ((kind = ANY (ARRAY['source'::text, 'rebuild'::text])))
);

ALTER TABLE public.package_revisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.package_revisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.project_grants (
    id bigint NOT NULL,
    prefix text NOT NULL,
    user_id bigint,
    group_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT granted_to_one CHECK ((num_nonnulls(user_id, group_id) = 1)),
    CONSTRAINT project_grants_prefix_check CHECK (((prefix <> ''::text) AND (length(prefix) <= 200)))
);

ALTER TABLE public.project_grants ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.project_grants_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pull_request_projects (
    id bigint NOT NULL,
    repository_id bigint NOT NULL,
    number bigint NOT NULL,
    project text NOT NULL,
    run_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

ALTER TABLE public.pull_request_projects ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.pull_request_projects_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.repositories (
    id bigint NOT NULL,
    forge_id bigint NOT NULL,
    identity text NOT NULL,
    full_name text NOT NULL,
    clone_url text DEFAULT ''::text NOT NULL,
    web_url text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    public boolean DEFAULT false NOT NULL,
    CONSTRAINT repositories_identity_check CHECK ((identity <> ''::text))
);

ALTER TABLE public.repositories ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.repositories_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.repository_names (
    token_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    full_name text NOT NULL
);

CREATE TABLE public.request_subscriptions (
    id bigint NOT NULL,
    run_id bigint NOT NULL,
    token_id bigint NOT NULL,
    number bigint NOT NULL,
    source_project text NOT NULL,
    source_package text NOT NULL,
    target_project text NOT NULL,
    target_package text NOT NULL,
    commit_sha text NOT NULL,
    state text NOT NULL,
    changed_at timestamp with time zone,
    asked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.request_subscriptions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.request_subscriptions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.run_steps (
    id bigint NOT NULL,
    run_id bigint NOT NULL,
    attempt integer NOT NULL,
    step_index integer NOT NULL,
    workflow text NOT NULL,
    step text NOT NULL,
    line integer DEFAULT 0 NOT NULL,
    status text NOT NULL,
    tries integer DEFAULT 1 NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    artifacts jsonb DEFAULT '{}'::jsonb NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT finished_unless_running CHECK (((status = 'running'::text) = (finished_at IS NULL))),
    CONSTRAINT run_steps_status_check CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'not_applicable'::text, 'fail'::text])))
);

ALTER TABLE public.run_steps ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.run_steps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.schema_migrations (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.secret_keys (
    key_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT secret_keys_key_id_check CHECK ((key_id ~ '^[0-9a-f]{16}$'::text))
);

CREATE TABLE public.sessions (
    token_hash bytea NOT NULL,
    user_id bigint NOT NULL,
    csrf text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sessions_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.status_contributions (
    id bigint NOT NULL,
    status_id bigint NOT NULL,
    producer text NOT NULL,
    cause bigint[] NOT NULL,
    state text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    live boolean DEFAULT true NOT NULL,
    run_id bigint,
    project text DEFAULT ''::text NOT NULL,
    package text DEFAULT ''::text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT status_contributions_cause_check CHECK ((cardinality(cause) = 3)),
    CONSTRAINT status_contributions_state_check CHECK ((state = ANY (ARRAY['success'::text, 'pending'::text, 'failure'::text, 'error'::text])))
);

ALTER TABLE public.status_contributions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.status_contributions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.status_reports (
    id bigint NOT NULL,
    status_id bigint NOT NULL,
    version bigint NOT NULL,
    state text NOT NULL,
    sent_state text NOT NULL,
    sent_text text DEFAULT ''::text NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT finished_unless_sending CHECK (((state = 'sending'::text) = (finished_at IS NULL))),
    CONSTRAINT status_reports_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'sent'::text, 'confirmed'::text, 'failed'::text, 'given_up'::text])))
);

ALTER TABLE public.status_reports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.status_reports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.token_shares (
    id bigint NOT NULL,
    token_id bigint NOT NULL,
    user_id bigint,
    group_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT shared_with_one CHECK ((num_nonnulls(user_id, group_id) = 1))
);

ALTER TABLE public.token_shares ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.token_shares_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.tokens (
    id bigint NOT NULL,
    kind text NOT NULL,
    executor_id bigint NOT NULL,
    forge_id bigint,
    secret bytea NOT NULL,
    secret_digest bytea NOT NULL,
    secret_key_id text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    configuration_path text DEFAULT '.obs/workflows.yml'::text NOT NULL,
    triggered_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    credential_id bigint,
    configuration_url text,
    CONSTRAINT tokens_configuration_path_check CHECK ((length(configuration_path) <= 255)),
    CONSTRAINT tokens_configuration_url_check CHECK ((length(configuration_url) <= 8192)),
    CONSTRAINT tokens_description_check CHECK ((length(description) <= 64)),
    CONSTRAINT tokens_kind_check CHECK ((kind = ANY (ARRAY['workflow'::text, 'rebuild'::text, 'release'::text, 'service'::text]))),
    CONSTRAINT tokens_secret_digest_check CHECK ((length(secret_digest) = 32))
);

ALTER TABLE public.tokens ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.users (
    id bigint NOT NULL,
    login text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    password text,
    administrator boolean DEFAULT false NOT NULL,
    active boolean DEFAULT true NOT NULL,
    one_time boolean DEFAULT false NOT NULL,
    CONSTRAINT users_login_check CHECK (((login <> ''::text) AND (length(login) <= 255)))
);

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workers (
    id integer NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.workflow_runs (
    id bigint NOT NULL,
    token_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    origin text NOT NULL,
    origin_key text,
    event jsonb NOT NULL,
    number bigint,
    commit_sha text DEFAULT ''::text NOT NULL,
    queue_key text NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    configuration text,
    problems jsonb DEFAULT '[]'::jsonb NOT NULL,
    warnings jsonb DEFAULT '[]'::jsonb NOT NULL,
    plan jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT finished_when_ended CHECK (((status = ANY (ARRAY['success'::text, 'fail'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT workflow_runs_attempt_check CHECK ((attempt >= 1)),
    CONSTRAINT workflow_runs_origin_check CHECK ((origin = ANY (ARRAY['webhook'::text, 'schedule'::text, 'poll'::text, 'message'::text, 'manual'::text]))),
    CONSTRAINT workflow_runs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'success'::text, 'fail'::text, 'cancelled'::text])))
);

ALTER TABLE public.workflow_runs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.workflow_runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_key_digest_key UNIQUE (key_digest);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bs_blobs
    ADD CONSTRAINT bs_blobs_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.bs_builds
    ADD CONSTRAINT bs_builds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bs_files
    ADD CONSTRAINT bs_files_pkey PRIMARY KEY (revision_id, name);

ALTER TABLE ONLY public.bs_flags
    ADD CONSTRAINT bs_flags_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bs_log_chunks
    ADD CONSTRAINT bs_log_chunks_pkey PRIMARY KEY (build_id, seq);

ALTER TABLE ONLY public.bs_maintainers
    ADD CONSTRAINT bs_maintainers_pkey PRIMARY KEY (project_id, login);

ALTER TABLE ONLY public.bs_flags
    ADD CONSTRAINT bs_one_flag UNIQUE NULLS NOT DISTINCT (project_id, package_id, type, repository, architecture);

ALTER TABLE ONLY public.bs_packages
    ADD CONSTRAINT bs_one_package_per_name UNIQUE (project_id, name);

ALTER TABLE ONLY public.bs_repositories
    ADD CONSTRAINT bs_one_repository_per_name UNIQUE (project_id, name);

ALTER TABLE ONLY public.bs_revisions
    ADD CONSTRAINT bs_one_revision_per_number UNIQUE (package_id, rev);

ALTER TABLE ONLY public.bs_packages
    ADD CONSTRAINT bs_packages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bs_repository_paths
    ADD CONSTRAINT bs_path_once UNIQUE (repository_id, project, repository);

ALTER TABLE ONLY public.bs_project_links
    ADD CONSTRAINT bs_project_link_once UNIQUE (project_id, linked_project);

ALTER TABLE ONLY public.bs_project_links
    ADD CONSTRAINT bs_project_links_pkey PRIMARY KEY (project_id, "position");

ALTER TABLE ONLY public.bs_projects
    ADD CONSTRAINT bs_projects_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bs_repositories
    ADD CONSTRAINT bs_repositories_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bs_repository_paths
    ADD CONSTRAINT bs_repository_paths_pkey PRIMARY KEY (repository_id, "position");

ALTER TABLE ONLY public.bs_request_history
    ADD CONSTRAINT bs_request_history_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bs_requests
    ADD CONSTRAINT bs_requests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bs_revision_counters
    ADD CONSTRAINT bs_revision_counters_pkey PRIMARY KEY (project, package);

ALTER TABLE ONLY public.bs_revisions
    ADD CONSTRAINT bs_revisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.build_events
    ADD CONSTRAINT build_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.build_service_credentials
    ADD CONSTRAINT build_service_credentials_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.commit_statuses
    ADD CONSTRAINT commit_statuses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.event_subscriptions
    ADD CONSTRAINT event_subscriptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.forges
    ADD CONSTRAINT forges_name_key UNIQUE (name);

ALTER TABLE ONLY public.forges
    ADD CONSTRAINT forges_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.project_grants
    ADD CONSTRAINT granted_once UNIQUE NULLS NOT DISTINCT (user_id, group_id, prefix);

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_pkey PRIMARY KEY (group_id, user_id);

ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_name_key UNIQUE (name);

ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notification_positions
    ADD CONSTRAINT notification_positions_pkey PRIMARY KEY (source);

ALTER TABLE ONLY public.build_service_credentials
    ADD CONSTRAINT one_build_service_login UNIQUE NULLS NOT DISTINCT (user_id);

ALTER TABLE ONLY public.status_contributions
    ADD CONSTRAINT one_contribution_per_producer UNIQUE (status_id, producer);

ALTER TABLE ONLY public.build_events
    ADD CONSTRAINT one_event_per_sender_id UNIQUE (sender, sender_id);

ALTER TABLE ONLY public.event_subscriptions
    ADD CONSTRAINT one_listener_per_package UNIQUE (token_id, event_type, project, package);

ALTER TABLE ONLY public.request_subscriptions
    ADD CONSTRAINT one_listener_per_request_and_commit UNIQUE (token_id, number, commit_sha);

ALTER TABLE ONLY public.repository_names
    ADD CONSTRAINT one_name_per_token PRIMARY KEY (token_id, repository_id);

ALTER TABLE ONLY public.forge_pauses
    ADD CONSTRAINT one_pause_per_credential UNIQUE NULLS NOT DISTINCT (forge_id, credential_id);

ALTER TABLE ONLY public.pull_request_projects
    ADD CONSTRAINT one_pull_request_per_project UNIQUE (project);

ALTER TABLE ONLY public.repositories
    ADD CONSTRAINT one_repository_per_identity UNIQUE (forge_id, identity);

ALTER TABLE ONLY public.package_revisions
    ADD CONSTRAINT one_revision_per_step UNIQUE (run_id, attempt, step_index, project, package);

ALTER TABLE ONLY public.run_steps
    ADD CONSTRAINT one_row_per_step UNIQUE (run_id, attempt, step_index);

ALTER TABLE ONLY public.workflow_runs
    ADD CONSTRAINT one_run_per_origin UNIQUE (token_id, origin_key);

ALTER TABLE ONLY public.commit_statuses
    ADD CONSTRAINT one_status_per_context UNIQUE (forge_id, repository_id, commit_sha, context, posted_to);

ALTER TABLE ONLY public.package_revisions
    ADD CONSTRAINT package_revisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.project_grants
    ADD CONSTRAINT project_grants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pull_request_projects
    ADD CONSTRAINT pull_request_projects_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.repositories
    ADD CONSTRAINT repositories_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.request_subscriptions
    ADD CONSTRAINT request_subscriptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.run_steps
    ADD CONSTRAINT run_steps_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.secret_keys
    ADD CONSTRAINT secret_keys_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.token_shares
    ADD CONSTRAINT shared_once UNIQUE NULLS NOT DISTINCT (token_id, user_id, group_id);

ALTER TABLE ONLY public.status_contributions
    ADD CONSTRAINT status_contributions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.status_reports
    ADD CONSTRAINT status_reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.token_shares
    ADD CONSTRAINT token_shares_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_secret_digest_key UNIQUE (secret_digest);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_login_key UNIQUE (login);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_runs
    ADD CONSTRAINT workflow_runs_pkey PRIMARY KEY (id);

CREATE INDEX audit_log_by_age ON public.audit_log USING btree (created_at);

CREATE INDEX bs_builds_building ON public.bs_builds USING btree (lease_until) WHERE (state = 'building'::text);

CREATE INDEX bs_builds_by_package ON public.bs_builds USING btree (package_id, repository, architecture, id);

CREATE INDEX bs_builds_by_revision ON public.bs_builds USING btree (revision_id);

CREATE INDEX bs_builds_by_source ON public.bs_builds USING btree (source_id);

CREATE INDEX bs_builds_scheduled ON public.bs_builds USING btree (id) WHERE (state = 'scheduled'::text);

CREATE INDEX bs_deleted_projects ON public.bs_projects USING btree (name, deleted_at) WHERE (deleted_at IS NOT NULL);

CREATE UNIQUE INDEX bs_one_live_project_per_name ON public.bs_projects USING btree (name) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX bs_one_request_per_run ON public.bs_requests USING btree (run, source_project, source_package, target_project, target_package) WHERE (run <> ''::text);

CREATE UNIQUE INDEX bs_one_scheduled_build ON public.bs_builds USING btree (package_id, repository, architecture) WHERE (state = 'scheduled'::text);

CREATE INDEX bs_packages_by_link ON public.bs_packages USING btree (link_project, link_package) WHERE (link_project IS NOT NULL);

CREATE INDEX bs_repository_paths_by_target ON public.bs_repository_paths USING btree (project, repository);

CREATE INDEX bs_request_history_by_request ON public.bs_request_history USING btree (request_id, id);

CREATE INDEX bs_requests_open_by_source ON public.bs_requests USING btree (source_project, source_package) WHERE (state = 'new'::text);

CREATE INDEX bs_requests_open_by_target ON public.bs_requests USING btree (target_project, target_package) WHERE (state = 'new'::text);

CREATE INDEX bs_requests_superseded_by ON public.bs_requests USING btree (superseded_by) WHERE (superseded_by IS NOT NULL);

CREATE INDEX bs_revisions_by_run ON public.bs_revisions USING btree (package_id, run) WHERE (run <> ''::text);

CREATE INDEX build_events_by_age ON public.build_events USING btree (received_at);

CREATE INDEX build_events_kept ON public.build_events USING btree (project, package, id) WHERE (state = 'kept'::text);

CREATE INDEX build_events_kept_of_requests ON public.build_events USING btree (request, id) WHERE ((state = 'kept'::text) AND (request IS NOT NULL));

CREATE INDEX commit_statuses_by_token ON public.commit_statuses USING btree (token_id);

CREATE INDEX deliveries_by_age ON public.deliveries USING btree (received_at);

CREATE INDEX deliveries_by_first ON public.deliveries USING btree (duplicate_of) WHERE (duplicate_of IS NOT NULL);

CREATE INDEX deliveries_by_run ON public.deliveries USING btree (run_id) WHERE (run_id IS NOT NULL);

CREATE INDEX event_subscriptions_by_package ON public.event_subscriptions USING btree (project, package);

CREATE INDEX event_subscriptions_by_run ON public.event_subscriptions USING btree (run_id);

CREATE INDEX group_members_by_user ON public.group_members USING btree (user_id);

CREATE INDEX jobs_available ON public.jobs USING btree (run_at, id) WHERE (state = 'available'::text);

CREATE INDEX jobs_behind ON public.jobs USING btree (behind) WHERE (behind IS NOT NULL);

CREATE INDEX jobs_in_order ON public.jobs USING btree (kind, key, id) WHERE (state = 'available'::text);

CREATE INDEX jobs_running ON public.jobs USING btree (lease_until) WHERE (state = 'running'::text);

CREATE UNIQUE INDEX one_delivery_per_id ON public.deliveries USING btree (token_id, delivery_id) WHERE (verdict <> 'duplicate'::text);

CREATE UNIQUE INDEX one_run_per_delivery ON public.deliveries USING btree (run_id) WHERE (verdict = 'accepted'::text);

CREATE UNIQUE INDEX one_running_per_key ON public.jobs USING btree (kind, key) WHERE (state = 'running'::text);

CREATE UNIQUE INDEX one_waiting_sync ON public.jobs USING btree (key) WHERE ((kind = 'sync_status'::text) AND (state = 'available'::text));

CREATE INDEX package_revisions_by_package ON public.package_revisions USING btree (project, package, id);

CREATE INDEX package_revisions_unsettled ON public.package_revisions USING btree (completed_at) WHERE (NOT settled);

CREATE INDEX project_grants_by_group ON public.project_grants USING btree (group_id) WHERE (group_id IS NOT NULL);

CREATE INDEX pull_request_projects_by_number ON public.pull_request_projects USING btree (repository_id, number);

CREATE INDEX pull_request_projects_by_run ON public.pull_request_projects USING btree (run_id) WHERE (run_id IS NOT NULL);

CREATE INDEX repository_names_by_repository ON public.repository_names USING btree (repository_id);

CREATE INDEX request_subscriptions_by_number ON public.request_subscriptions USING btree (number);

CREATE INDEX request_subscriptions_by_run ON public.request_subscriptions USING btree (run_id);

CREATE INDEX sessions_by_age ON public.sessions USING btree (expires_at);

CREATE INDEX status_contributions_by_package ON public.status_contributions USING btree (project, package) WHERE live;

CREATE INDEX status_contributions_by_run ON public.status_contributions USING btree (run_id);

CREATE INDEX status_reports_by_status ON public.status_reports USING btree (status_id, id);

CREATE INDEX token_shares_by_group ON public.token_shares USING btree (group_id) WHERE (group_id IS NOT NULL);

CREATE INDEX token_shares_by_user ON public.token_shares USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX workflow_runs_by_age ON public.workflow_runs USING btree (created_at);

CREATE INDEX workflow_runs_by_pull_request ON public.workflow_runs USING btree (repository_id, number, id) WHERE (number IS NOT NULL);

CREATE INDEX workflow_runs_by_token ON public.workflow_runs USING btree (token_id, id);

CREATE INDEX workflow_runs_public ON public.workflow_runs USING btree (repository_id, id) WHERE ((event ->> 'public'::text) = 'true'::text);

CREATE INDEX workflow_runs_unsuccessful ON public.workflow_runs USING btree (status, id) WHERE (status <> 'success'::text);

CREATE INDEX workflow_runs_unsuccessful_by_repository ON public.workflow_runs USING btree (repository_id, status, id) WHERE (status <> 'success'::text);

CREATE INDEX workflow_runs_unsuccessful_by_token ON public.workflow_runs USING btree (token_id, status, id) WHERE (status <> 'success'::text);

CREATE TRIGGER bs_builds_wake AFTER INSERT OR UPDATE OF not_before, stop_reason ON public.bs_builds FOR EACH STATEMENT EXECUTE FUNCTION public.bs_notify_builds();

CREATE TRIGGER jobs_wake AFTER INSERT ON public.jobs FOR EACH STATEMENT EXECUTE FUNCTION public.notify_jobs();

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_builds
    ADD CONSTRAINT bs_builds_package_id_fkey FOREIGN KEY (package_id) REFERENCES public.bs_packages(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_builds
    ADD CONSTRAINT bs_builds_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES public.bs_revisions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_builds
    ADD CONSTRAINT bs_builds_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.bs_revisions(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.bs_files
    ADD CONSTRAINT bs_files_digest_fkey FOREIGN KEY (digest) REFERENCES public.bs_blobs(digest);

ALTER TABLE ONLY public.bs_files
    ADD CONSTRAINT bs_files_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES public.bs_revisions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_flags
    ADD CONSTRAINT bs_flags_package_id_fkey FOREIGN KEY (package_id) REFERENCES public.bs_packages(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_flags
    ADD CONSTRAINT bs_flags_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.bs_projects(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_log_chunks
    ADD CONSTRAINT bs_log_chunks_build_id_fkey FOREIGN KEY (build_id) REFERENCES public.bs_builds(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_maintainers
    ADD CONSTRAINT bs_maintainers_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.bs_projects(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_packages
    ADD CONSTRAINT bs_packages_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.bs_projects(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_project_links
    ADD CONSTRAINT bs_project_links_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.bs_projects(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_repositories
    ADD CONSTRAINT bs_repositories_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.bs_projects(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_repository_paths
    ADD CONSTRAINT bs_repository_paths_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES public.bs_repositories(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_request_history
    ADD CONSTRAINT bs_request_history_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.bs_requests(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.bs_requests
    ADD CONSTRAINT bs_requests_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES public.bs_requests(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.bs_revisions
    ADD CONSTRAINT bs_revisions_package_id_fkey FOREIGN KEY (package_id) REFERENCES public.bs_packages(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.build_service_credentials
    ADD CONSTRAINT build_service_credentials_secret_key_id_fkey FOREIGN KEY (secret_key_id) REFERENCES public.secret_keys(key_id);

ALTER TABLE ONLY public.build_service_credentials
    ADD CONSTRAINT build_service_credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.commit_statuses
    ADD CONSTRAINT commit_statuses_forge_id_fkey FOREIGN KEY (forge_id) REFERENCES public.forges(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.commit_statuses
    ADD CONSTRAINT commit_statuses_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES public.repositories(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.commit_statuses
    ADD CONSTRAINT commit_statuses_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_secret_key_id_fkey FOREIGN KEY (secret_key_id) REFERENCES public.secret_keys(key_id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_duplicate_of_fkey FOREIGN KEY (duplicate_of) REFERENCES public.deliveries(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.workflow_runs(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.event_subscriptions
    ADD CONSTRAINT event_subscriptions_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.workflow_runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.event_subscriptions
    ADD CONSTRAINT event_subscriptions_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.forge_pauses
    ADD CONSTRAINT forge_pauses_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES public.credentials(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.forge_pauses
    ADD CONSTRAINT forge_pauses_forge_id_fkey FOREIGN KEY (forge_id) REFERENCES public.forges(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.groups(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.group_members
    ADD CONSTRAINT group_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.package_revisions
    ADD CONSTRAINT package_revisions_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.workflow_runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.package_revisions
    ADD CONSTRAINT package_revisions_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.project_grants
    ADD CONSTRAINT project_grants_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.groups(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.project_grants
    ADD CONSTRAINT project_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.pull_request_projects
    ADD CONSTRAINT pull_request_projects_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES public.repositories(id);

ALTER TABLE ONLY public.pull_request_projects
    ADD CONSTRAINT pull_request_projects_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.workflow_runs(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.repositories
    ADD CONSTRAINT repositories_forge_id_fkey FOREIGN KEY (forge_id) REFERENCES public.forges(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.repository_names
    ADD CONSTRAINT repository_names_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES public.repositories(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.repository_names
    ADD CONSTRAINT repository_names_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.request_subscriptions
    ADD CONSTRAINT request_subscriptions_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.workflow_runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.request_subscriptions
    ADD CONSTRAINT request_subscriptions_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.run_steps
    ADD CONSTRAINT run_steps_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.workflow_runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.status_contributions
    ADD CONSTRAINT status_contributions_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.workflow_runs(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.status_contributions
    ADD CONSTRAINT status_contributions_status_id_fkey FOREIGN KEY (status_id) REFERENCES public.commit_statuses(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.status_reports
    ADD CONSTRAINT status_reports_status_id_fkey FOREIGN KEY (status_id) REFERENCES public.commit_statuses(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.token_shares
    ADD CONSTRAINT token_shares_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.groups(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.token_shares
    ADD CONSTRAINT token_shares_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.token_shares
    ADD CONSTRAINT token_shares_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES public.credentials(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_executor_id_fkey FOREIGN KEY (executor_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_forge_id_fkey FOREIGN KEY (forge_id) REFERENCES public.forges(id);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_secret_key_id_fkey FOREIGN KEY (secret_key_id) REFERENCES public.secret_keys(key_id);

ALTER TABLE ONLY public.workflow_runs
    ADD CONSTRAINT workflow_runs_repository_id_fkey FOREIGN KEY (repository_id) REFERENCES public.repositories(id);

ALTER TABLE ONLY public.workflow_runs
    ADD CONSTRAINT workflow_runs_token_id_fkey FOREIGN KEY (token_id) REFERENCES public.tokens(id) ON DELETE CASCADE;

