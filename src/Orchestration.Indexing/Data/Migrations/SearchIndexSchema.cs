namespace Orchestration.Indexing.Data.Migrations;

/// <summary>What the search index needs beyond EF Core's model: partitions, row-level security, and the functions that make and drop partitions.</summary>
internal static class SearchIndexSchema
{
    /// <summary>Keys compare terms byte by byte: no language's order is needed, and it is several times faster.</summary>
    public const string Tables =
        """
        -- Vectors are the index's now. The column goes with a later release, when no process of this one's predecessor can run any more.
        alter table chunks alter column embedding drop not null;
        -- Documents that were indexed before go through the workers once more.
        update documents set state = 1, tries = 0, next_try_at = now() where state = 3;

        create table index_entries (
            tenant_id text not null, index_id integer not null, chunk integer not null,
            document_id uuid not null, ordinal integer not null, length integer not null, terms text[] not null,
            primary key (tenant_id, index_id, chunk),
            unique (tenant_id, index_id, document_id, ordinal),
            foreign key (tenant_id, index_id) references index_versions (tenant_id, id) on delete cascade);

        create table latent_terms (
            tenant_id text not null, index_id integer not null, term text collate "C" not null, weight real not null, direction halfvec not null,
            primary key (tenant_id, index_id, term),
            foreign key (tenant_id, index_id) references index_versions (tenant_id, id) on delete cascade);

        create table postings (
            tenant_id text not null, index_id integer not null, term text collate "C" not null,
            chunk integer not null, frequency integer not null, length integer not null,
            primary key (tenant_id, index_id, term, chunk) include (frequency, length)
        ) partition by list (index_id);

        create table vectors (
            tenant_id text not null, index_id integer not null, chunk integer not null, embedding vector not null,
            primary key (tenant_id, index_id, chunk)
        ) partition by list (index_id);

        create table index_tasks (
            tenant_id text not null, collection text not null, due_at timestamptz not null,
            primary key (tenant_id, collection),
            foreign key (tenant_id, collection) references collections (tenant_id, name) on delete cascade);
        create index ix_index_tasks_due_at on index_tasks (due_at);
        """;

    /// <summary>A session that has not said whose rows it wants gets none, whatever its statements forget.</summary>
    public const string RowSecurity =
        """
        do $$
        declare name text;
        begin
            foreach name in array array['index_versions', 'index_entries', 'latent_terms', 'postings', 'vectors', 'index_tasks'] loop
                execute format('alter table %I enable row level security', name);
                execute format('alter table %I force row level security', name);
                execute format($policy$create policy own_tenant on %I using (tenant_id = nullif(current_setting('app.tenant', true), ''))$policy$, name);
            end loop;
        end $$;

        -- Names of collections that wait for upkeep, whose tenant the worker learns from here.
        create policy upkeep on index_tasks using (current_setting('app.upkeep', true) = 'on');
        """;

    /// <summary>
    /// The service's role owns no table, so partitions are made and dropped by functions of the owner. Attaching takes no lock that
    /// a reader of other partitions would notice; dropping does, which is why it is put off until nobody is in the way.
    /// </summary>
    public const string Functions =
        """
        create function open_index(index_id integer) returns void language plpgsql security definer set search_path = public, pg_temp as $$
        declare parent text;
        begin
            foreach parent in array array['postings', 'vectors'] loop
                execute format('create table %1$I (like %2$I including all)', parent || '_' || index_id, parent);
                -- Without a policy of its own, a partition can only be read through its parent.
                execute format('alter table %1$I enable row level security', parent || '_' || index_id);
                execute format('alter table %1$I attach partition %2$I for values in (%3$s)', parent, parent || '_' || index_id, index_id);
            end loop;
        end $$;

        create function build_vector_index(index_id integer, dimensions integer) returns void language plpgsql security definer
            set search_path = public, pg_temp set maintenance_work_mem = '512MB' as $$
        begin
            execute format(
                'create index if not exists %1$I on %2$I using hnsw ((embedding::%3$s(%4$s)) %3$s_cosine_ops) with (m = 16, ef_construction = 100)',
                'vectors_' || index_id || '_hnsw', 'vectors_' || index_id, case when dimensions <= 2000 then 'vector' else 'halfvec' end, dimensions);
        end $$;

        create function close_index() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
        declare parent text;
        begin
            foreach parent in array array['postings', 'vectors'] loop
                if to_regclass(parent || '_' || old.id) is not null then
                    execute format('truncate %I', parent || '_' || old.id);
                    execute format('alter table %I rename to %I', parent || '_' || old.id, parent || '_' || old.id || '_closed');
                end if;
            end loop;
            return null;
        end $$;
        create trigger close_index after delete on index_versions for each row execute function close_index();

        create function drop_closed_indexes() returns void language plpgsql security definer
            set search_path = public, pg_temp set lock_timeout = '200ms' as $$
        declare closed regclass;
        begin
            for closed in select inhrelid::regclass from pg_inherits
                where inhparent in ('postings'::regclass, 'vectors'::regclass) and inhrelid::regclass::text like '%\_closed' loop
                begin
                    execute format('drop table %s', closed);
                exception when lock_not_available then
                    null;
                end;
            end loop;
        end $$;
        """;

    public const string Down =
        """
        drop table if exists index_tasks, latent_terms, index_entries, postings, vectors cascade;
        drop trigger if exists close_index on index_versions;
        drop function if exists open_index, build_vector_index, close_index, drop_closed_indexes;
        """;
}
