using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Providers.Data.Migrations
{
    /// <inheritdoc />
    public partial class KeyPools : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // No build ever wrote a row; one made by hand has no wrapped key and could not be read.
            migrationBuilder.Sql("DELETE FROM credentials;");

            migrationBuilder.AddColumn<decimal>(
                name: "balance",
                table: "credentials",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "balance_at",
                table: "credentials",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "balance_currency",
                table: "credentials",
                type: "character varying(3)",
                maxLength: 3,
                nullable: true);

            migrationBuilder.AddColumn<decimal>(
                name: "balance_warning",
                table: "credentials",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "changed_at",
                table: "credentials",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<int>(
                name: "concurrency_limit",
                table: "credentials",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<byte[]>(
                name: "fingerprint",
                table: "credentials",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<string>(
                name: "label",
                table: "credentials",
                type: "character varying(100)",
                maxLength: 100,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "last_four",
                table: "credentials",
                type: "character varying(4)",
                maxLength: 4,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "reason",
                table: "credentials",
                type: "character varying(300)",
                maxLength: 300,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "retry_at",
                table: "credentials",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "credentials",
                type: "bigint",
                rowVersion: true,
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "weight",
                table: "credentials",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<byte[]>(
                name: "wrapped_key",
                table: "credentials",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.CreateIndex(
                name: "ix_credentials_provider_region_fingerprint",
                table: "credentials",
                columns: new[] { "provider", "region", "fingerprint" },
                unique: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_credentials_concurrency_limit",
                table: "credentials",
                sql: "concurrency_limit BETWEEN 0 AND 100000");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credentials_weight",
                table: "credentials",
                sql: "weight BETWEEN 1 AND 1000");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credentials_wrapped_key",
                table: "credentials",
                sql: "octet_length(wrapped_key) = 60");

            migrationBuilder.Sql("""
                CREATE SEQUENCE credential_changes;
                CREATE FUNCTION number_credential_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.version := nextval('credential_changes');
                    RETURN NEW;
                END $$;
                CREATE FUNCTION tell_credential_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_notify('credentials', '');
                    RETURN NULL;
                END $$;
                CREATE TRIGGER number_change BEFORE INSERT OR UPDATE ON credentials FOR EACH ROW EXECUTE FUNCTION number_credential_change();
                CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON credentials FOR EACH STATEMENT EXECUTE FUNCTION tell_credential_change();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DELETE FROM credentials;
                DROP TRIGGER number_change ON credentials;
                DROP TRIGGER tell_change ON credentials;
                DROP FUNCTION number_credential_change();
                DROP FUNCTION tell_credential_change();
                DROP SEQUENCE credential_changes;
                """);

            migrationBuilder.DropIndex(
                name: "ix_credentials_provider_region_fingerprint",
                table: "credentials");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credentials_concurrency_limit",
                table: "credentials");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credentials_weight",
                table: "credentials");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credentials_wrapped_key",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "balance",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "balance_at",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "balance_currency",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "balance_warning",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "changed_at",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "concurrency_limit",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "fingerprint",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "label",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "last_four",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "reason",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "retry_at",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "version",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "weight",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "wrapped_key",
                table: "credentials");
        }
    }
}
