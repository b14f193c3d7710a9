using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Orchestration.Indexing.Data.Migrations
{
    /// <inheritdoc />
    public partial class Ingestion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "chunks_done",
                table: "documents",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "chunks_total",
                table: "documents",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "excused_tries",
                table: "documents",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "failure_code",
                table: "documents",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "file_name",
                table: "documents",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "media_type",
                table: "documents",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "priority",
                table: "documents",
                type: "integer",
                nullable: false,
                defaultValue: 2);

            migrationBuilder.AddColumn<int>(
                name: "size",
                table: "documents",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "stage",
                table: "documents",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "chunk_tokens",
                table: "collections",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "trust_tier",
                table: "collections",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "headings",
                table: "chunks",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "deleted_documents",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    collection = table.Column<string>(type: "text", nullable: false),
                    external_id = table.Column<string>(type: "text", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deleted_documents", x => new { x.tenant_id, x.collection, x.external_id });
                });

            migrationBuilder.CreateTable(
                name: "document_files",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false),
                    document_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_document_files", x => new { x.tenant_id, x.document_id });
                    table.ForeignKey(
                        name: "fk_document_files_documents_tenant_id_document_id",
                        columns: x => new { x.tenant_id, x.document_id },
                        principalTable: "documents",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_documents_priority_next_try_at",
                table: "documents",
                columns: new[] { "priority", "next_try_at" },
                descending: new[] { true, false },
                filter: "state in (1, 2)");

            migrationBuilder.CreateIndex(
                name: "ix_deleted_documents_deleted_at",
                table: "deleted_documents",
                column: "deleted_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deleted_documents");

            migrationBuilder.DropTable(
                name: "document_files");

            migrationBuilder.DropIndex(
                name: "ix_documents_priority_next_try_at",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "chunks_done",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "chunks_total",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "excused_tries",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "failure_code",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "file_name",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "media_type",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "priority",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "size",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "stage",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "chunk_tokens",
                table: "collections");

            migrationBuilder.DropColumn(
                name: "trust_tier",
                table: "collections");

            migrationBuilder.DropColumn(
                name: "headings",
                table: "chunks");
        }
    }
}
