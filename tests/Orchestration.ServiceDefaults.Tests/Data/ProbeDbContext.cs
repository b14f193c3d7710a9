using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Orchestration.ServiceDefaults.Tests.Data;

internal sealed class ProbeDbContext(DbContextOptions<ProbeDbContext> options) : DbContext(options);

[DbContext(typeof(ProbeDbContext))]
[Migration("20260101000000_First")]
internal sealed class First : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE TABLE note (id serial PRIMARY KEY, place vector(3)); CREATE SCHEMA side; CREATE TABLE side.note (id int)");
}
