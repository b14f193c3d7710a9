using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Orchestration.ServiceDefaults.Data;

/// <summary>One database per owner: a login role for the service, a migrator role for <c>migrate</c>.</summary>
public static class ServiceDatabaseExtensions
{
    /// <summary>
    /// Adds the service's database: an <see cref="NpgsqlDataSource"/>, a pooled <see cref="IDbContextFactory{TContext}"/> with
    /// snake-case names, a readiness check, and the work of the <c>migrate</c> argument.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="database">Name of database and login role prefix, for example "metrics".</param>
    /// <param name="configureDataSource">Type mappings of the driver.</param>
    /// <param name="configureContext">Further options of the context, for example <c>o => o.UseVector()</c> inside UseNpgsql.</param>
    public static TBuilder AddServiceDatabase<TBuilder, TContext>(
        this TBuilder builder,
        string database,
        Action<NpgsqlDataSourceBuilder>? configureDataSource = null,
        Action<Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.NpgsqlDbContextOptionsBuilder>? configureContext = null)
        where TBuilder : IHostApplicationBuilder
        where TContext : DbContext => builder;
}
