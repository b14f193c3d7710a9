using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Gateway.Data.Migrations
{
    /// <inheritdoc />
    public partial class Keys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "limits",
                table: "tenants",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'::jsonb");

            migrationBuilder.AddColumn<string>(
                name: "status",
                table: "tenants",
                type: "character varying(16)",
                maxLength: 16,
                nullable: false,
                defaultValue: "active");

            migrationBuilder.AddColumn<string>(
                name: "time_zone",
                table: "tenants",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "UTC");

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "tenants",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "cost_centre",
                table: "projects",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "end_user_limits",
                table: "projects",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'::jsonb");

            migrationBuilder.AddColumn<string>(
                name: "limits",
                table: "projects",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'::jsonb");

            migrationBuilder.AddColumn<string>(
                name: "status",
                table: "projects",
                type: "character varying(16)",
                maxLength: 16,
                nullable: false,
                defaultValue: "active");

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "projects",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "operator_id",
                table: "operator_sessions",
                type: "character varying(12)",
                maxLength: 12,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "created_by",
                table: "operator_keys",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                table: "operator_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "role",
                table: "operator_keys",
                type: "character varying(16)",
                maxLength: 16,
                nullable: false,
                defaultValue: "owner");

            migrationBuilder.AddColumn<string>(
                name: "tenant_id",
                table: "operator_keys",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "operator_keys",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "created_by",
                table: "client_keys",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "imported",
                table: "client_keys",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "limits",
                table: "client_keys",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'::jsonb");

            migrationBuilder.AddColumn<string[]>(
                name: "models",
                table: "client_keys",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'::text[]");

            migrationBuilder.AddColumn<string[]>(
                name: "networks",
                table: "client_keys",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'::text[]");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "previous_expires_at",
                table: "client_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "previous_pepper_version",
                table: "client_keys",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "previous_secret_hash",
                table: "client_keys",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "revoked_at",
                table: "client_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "scopes",
                table: "client_keys",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{chat,embeddings,rerank,rag.read:*,rag.write:*}'::text[]");

            migrationBuilder.CreateTable(
                name: "account_changes",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    thing = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    subject = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_changes", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "audit_log",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false, defaultValueSql: "0"),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    actor = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    actor_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    role = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    method = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    outcome = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    target = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    before = table.Column<string>(type: "text", nullable: false),
                    after = table.Column<string>(type: "text", nullable: false),
                    request_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    previous_hash = table.Column<byte[]>(type: "bytea", nullable: false, defaultValueSql: "''::bytea"),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false, defaultValueSql: "''::bytea")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_log", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "end_user_limits",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", nullable: false),
                    end_user = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    blocked = table.Column<bool>(type: "boolean", nullable: false),
                    limits = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'[]'::jsonb"),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_end_user_limits", x => new { x.tenant_id, x.end_user });
                    table.ForeignKey(
                        name: "fk_end_user_limits_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "key_uses",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", nullable: false),
                    public_id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    expiry_told_for = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_key_uses", x => new { x.tenant_id, x.public_id });
                    table.ForeignKey(
                        name: "fk_key_uses_client_keys_tenant_id_public_id",
                        columns: x => new { x.tenant_id, x.public_id },
                        principalTable: "client_keys",
                        principalColumns: new[] { "tenant_id", "public_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_client_keys_expires_at",
                table: "client_keys",
                column: "expires_at",
                filter: "expires_at IS NOT NULL AND status = 'active'");

            migrationBuilder.CreateIndex(
                name: "ix_client_keys_imported_hash",
                table: "client_keys",
                column: "secret_hash",
                unique: true,
                filter: "imported");

            migrationBuilder.CreateIndex(
                name: "ix_audit_log_tenant_id_number",
                table: "audit_log",
                columns: new[] { "tenant_id", "number" });

            migrationBuilder.Sql(ChangeLog);
            migrationBuilder.Sql(AuditChain);
            migrationBuilder.Sql(Rights);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(NoLogs);

            migrationBuilder.DropTable(
                name: "account_changes");

            migrationBuilder.DropTable(
                name: "audit_log");

            migrationBuilder.DropTable(
                name: "end_user_limits");

            migrationBuilder.DropTable(
                name: "key_uses");

            migrationBuilder.DropIndex(
                name: "ix_client_keys_expires_at",
                table: "client_keys");

            migrationBuilder.DropIndex(
                name: "ix_client_keys_imported_hash",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "limits",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "status",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "time_zone",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "version",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "cost_centre",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "end_user_limits",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "limits",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "status",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "version",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "operator_id",
                table: "operator_sessions");

            migrationBuilder.DropColumn(
                name: "created_by",
                table: "operator_keys");

            migrationBuilder.DropColumn(
                name: "expires_at",
                table: "operator_keys");

            migrationBuilder.DropColumn(
                name: "role",
                table: "operator_keys");

            migrationBuilder.DropColumn(
                name: "tenant_id",
                table: "operator_keys");

            migrationBuilder.DropColumn(
                name: "version",
                table: "operator_keys");

            migrationBuilder.DropColumn(
                name: "created_by",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "imported",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "limits",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "models",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "networks",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "previous_expires_at",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "previous_pepper_version",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "previous_secret_hash",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "revoked_at",
                table: "client_keys");

            migrationBuilder.DropColumn(
                name: "scopes",
                table: "client_keys");
        }
    }
}
