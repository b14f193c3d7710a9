using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Orchestration.Indexing.Data.Migrations
{
    /// <inheritdoc />
    public partial class SearchIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<double>(
                name: "vector_weight",
                table: "collections",
                type: "double precision",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "index_versions",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    collection = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    analyser = table.Column<int>(type: "integer", nullable: false),
                    embedder = table.Column<string>(type: "text", nullable: false),
                    dimensions = table.Column<int>(type: "integer", nullable: true),
                    chunks = table.Column<int>(type: "integer", nullable: false),
                    terms = table.Column<long>(type: "bigint", nullable: false),
                    next_chunk = table.Column<int>(type: "integer", nullable: false),
                    measured_chunks = table.Column<int>(type: "integer", nullable: false),
                    vector_weight = table.Column<double>(type: "double precision", nullable: false),
                    usual_similarity = table.Column<double>(type: "double precision", nullable: false),
                    similarity_threshold = table.Column<double>(type: "double precision", nullable: false),
                    state_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_index_versions", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_index_versions_collections_tenant_id_collection",
                        columns: x => new { x.tenant_id, x.collection },
                        principalTable: "collections",
                        principalColumns: new[] { "tenant_id", "name" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_index_versions_tenant_id_collection_state",
                table: "index_versions",
                columns: new[] { "tenant_id", "collection", "state" },
                unique: true,
                filter: "state in (1, 2)");

            migrationBuilder.Sql(SearchIndexSchema.Tables);
            migrationBuilder.Sql(SearchIndexSchema.RowSecurity);
            migrationBuilder.Sql(SearchIndexSchema.Functions);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(SearchIndexSchema.Down);

            migrationBuilder.DropTable(
                name: "index_versions");

            migrationBuilder.DropColumn(
                name: "vector_weight",
                table: "collections");
        }
    }
}
