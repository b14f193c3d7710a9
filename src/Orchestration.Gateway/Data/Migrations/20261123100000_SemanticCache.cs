using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Pgvector;

#nullable disable

namespace Orchestration.Gateway.Data.Migrations
{
    /// <inheritdoc />
    public partial class SemanticCache : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:vector", ",,");

            migrationBuilder.CreateTable(
                name: "semantic_entries",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    partition = table.Column<byte[]>(type: "bytea", nullable: false),
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    route = table.Column<string>(type: "text", nullable: false),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    embedding = table.Column<HalfVector>(type: "halfvec", nullable: false),
                    question = table.Column<byte[]>(type: "bytea", nullable: false),
                    answer = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_semantic_entries", x => new { x.tenant_id, x.partition, x.entry_id });
                    table.ForeignKey(
                        name: "fk_semantic_entries_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "semantic_samples",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    partition = table.Column<byte[]>(type: "bytea", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    project_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    route = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    similarity = table.Column<double>(type: "double precision", nullable: false),
                    agreed = table.Column<bool>(type: "boolean", nullable: true),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_semantic_samples", x => new { x.tenant_id, x.partition, x.request_id });
                    table.ForeignKey(
                        name: "fk_semantic_samples_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Cascade);
                });

            // What is encrypted does not get smaller.
            migrationBuilder.Sql("""
                ALTER TABLE semantic_entries ALTER COLUMN question SET STORAGE EXTERNAL, ALTER COLUMN answer SET STORAGE EXTERNAL;
                ALTER TABLE semantic_samples ALTER COLUMN content SET STORAGE EXTERNAL;
                """);

            migrationBuilder.CreateIndex(
                name: "ix_semantic_entries_expires_at",
                table: "semantic_entries",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_semantic_entries_tenant_id_route",
                table: "semantic_entries",
                columns: new[] { "tenant_id", "route" });

            migrationBuilder.CreateIndex(
                name: "ix_semantic_samples_at",
                table: "semantic_samples",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_semantic_samples_tenant_id_request_id",
                table: "semantic_samples",
                columns: new[] { "tenant_id", "request_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "semantic_entries");

            migrationBuilder.DropTable(
                name: "semantic_samples");

            migrationBuilder.AlterDatabase()
                .OldAnnotation("Npgsql:PostgresExtension:vector", ",,");
        }
    }
}
