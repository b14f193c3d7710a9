#nullable disable

namespace Orchestration.Gateway.Data.Migrations
{
    /// <summary>The two logs, which only the database itself writes in full.</summary>
    public partial class Keys
    {
        // One row is the lock that makes the order of numbers the order of commits. It is taken at the end of a transaction only, by a
        // deferred trigger, and after the head of the audit log, so that two changes can never wait for each other.
        private const string ChangeLog = """
            CREATE TABLE account_change_head (single boolean PRIMARY KEY DEFAULT true CHECK (single), number bigint NOT NULL);
            INSERT INTO account_change_head (number) VALUES (0);

            CREATE FUNCTION log_account_change() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DECLARE
                changed jsonb;
                next bigint;
            BEGIN
                IF TG_OP = 'DELETE' THEN changed := to_jsonb(OLD); ELSE changed := to_jsonb(NEW); END IF;
                UPDATE account_change_head SET number = number + 1 RETURNING number INTO next;
                INSERT INTO account_changes (number, at, thing, tenant_id, subject)
                VALUES (next, clock_timestamp(), TG_ARGV[0], coalesce(changed ->> TG_ARGV[1], ''), coalesce(changed ->> TG_ARGV[2], ''));
                PERFORM pg_notify('account_changes', next::text);
                RETURN NULL;
            END
            $$;

            CREATE CONSTRAINT TRIGGER log_tenant AFTER INSERT OR UPDATE OR DELETE ON tenants
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_account_change('tenant', 'tenant_id', '');
            CREATE CONSTRAINT TRIGGER log_project AFTER INSERT OR UPDATE OR DELETE ON projects
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_account_change('project', 'tenant_id', 'project_id');
            CREATE CONSTRAINT TRIGGER log_key AFTER INSERT OR UPDATE OR DELETE ON client_keys
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_account_change('key', 'tenant_id', 'public_id');
            CREATE CONSTRAINT TRIGGER log_end_user AFTER INSERT OR UPDATE OR DELETE ON end_user_limits
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_account_change('end_user', 'tenant_id', 'end_user');
            CREATE CONSTRAINT TRIGGER log_operator AFTER INSERT OR UPDATE OR DELETE ON operator_keys
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_account_change('operator', 'tenant_id', 'public_id');
            """;

        // Lengths stand before the fields, so that no two different lines are ever hashed as the same text.
        private const string AuditChain = """
            CREATE TABLE audit_head (single boolean PRIMARY KEY DEFAULT true CHECK (single), number bigint NOT NULL, hash bytea NOT NULL);
            INSERT INTO audit_head (number, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

            CREATE FUNCTION audit_line_hash(line audit_log) RETURNS bytea
            LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
                SELECT sha256(line.previous_hash || convert_to(string_agg(octet_length(field)::text || ':' || field, '' ORDER BY place), 'UTF8'))
                FROM unnest(ARRAY[
                    line.number::text, (extract(epoch FROM line.at) * 1000000)::bigint::text, line.actor, line.actor_name, line.role, line.address,
                    line.method, line.outcome, line.tenant_id, line.target, line.before, line.after, line.request_id]::text[])
                    WITH ORDINALITY AS fields (field, place)
            $$;

            CREATE FUNCTION chain_audit_line() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DECLARE
                head audit_head;
            BEGIN
                SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
                NEW.number := head.number + 1;
                NEW.at := clock_timestamp();
                NEW.previous_hash := head.hash;
                NEW.hash := audit_line_hash(NEW);
                UPDATE audit_head SET number = NEW.number, hash = NEW.hash;
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER chain_audit_line BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION chain_audit_line();

            CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'The log % takes new lines only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
            END
            $$;
            CREATE TRIGGER refuse_audit_change BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_log_change();
            CREATE TRIGGER refuse_audit_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change();
            CREATE TRIGGER refuse_account_change BEFORE UPDATE OR DELETE ON account_changes FOR EACH ROW EXECUTE FUNCTION refuse_log_change();
            CREATE TRIGGER refuse_account_truncate BEFORE TRUNCATE ON account_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change();
            """;

        private const string Rights = """
            DO $$
            DECLARE
                app text := current_database() || '_app';
            BEGIN
                IF EXISTS (SELECT FROM pg_roles WHERE rolname = app) THEN
                    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM %I', app);
                    EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON account_changes, account_change_head, audit_head FROM %I', app);
                END IF;
            END
            $$;
            REVOKE EXECUTE ON FUNCTION log_account_change(), chain_audit_line() FROM PUBLIC;
            """;

        private const string NoLogs = """
            DROP TRIGGER log_tenant ON tenants;
            DROP TRIGGER log_project ON projects;
            DROP TRIGGER log_key ON client_keys;
            DROP TRIGGER log_operator ON operator_keys;
            DROP TRIGGER log_end_user ON end_user_limits;
            DROP TRIGGER chain_audit_line ON audit_log;
            DROP TRIGGER refuse_audit_change ON audit_log;
            DROP TRIGGER refuse_audit_truncate ON audit_log;
            DROP TRIGGER refuse_account_change ON account_changes;
            DROP TRIGGER refuse_account_truncate ON account_changes;
            DROP FUNCTION log_account_change();
            DROP FUNCTION chain_audit_line();
            DROP FUNCTION refuse_log_change();
            DROP FUNCTION audit_line_hash(audit_log);
            DROP TABLE account_change_head;
            DROP TABLE audit_head;
            """;
    }
}
