using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

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
    /// <param name="extensions">Extensions that the administrator creates before migrations run, for example "vector".</param>
    /// <param name="optional">True when the service does its main work without the database: it then stays ready, degraded.</param>
    public static TBuilder AddServiceDatabase<TBuilder, TContext>(
        this TBuilder builder,
        string database,
        Action<NpgsqlDataSourceBuilder>? configureDataSource = null,
        Action<NpgsqlDbContextOptionsBuilder>? configureContext = null,
        IReadOnlyList<string>? extensions = null,
        bool optional = false)
        where TBuilder : IHostApplicationBuilder
        where TContext : DbContext
    {
        builder.Services.AddOptionsWithValidateOnStart<DatabaseOptions, DatabaseOptionsValidator>()
            .BindConfiguration(DatabaseOptions.SectionName);
        builder.Services.AddSingleton(provider => CreateDataSource(provider, database, configureDataSource));
        builder.Services.AddPooledDbContextFactory<TContext>((provider, options) =>
            Configure(options, provider, configureContext));
        builder.Services.AddSingleton(new ServiceDatabase(
            database, typeof(TContext), extensions ?? [], configureDataSource, configureContext));
        builder.Services.AddSingleton<MigrationRun>();
        builder.Services.AddSingleton<DatabaseHealthCheck<TContext>>();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "database",
            provider => provider.GetRequiredService<DatabaseHealthCheck<TContext>>(),
            optional ? HealthStatus.Degraded : HealthStatus.Unhealthy,
            tags: ["ready"]));
        return builder;
    }

    private static void Configure(
        DbContextOptionsBuilder options, IServiceProvider provider, Action<NpgsqlDbContextOptionsBuilder>? configureContext)
    {
        // The tool that writes migrations needs the model only, and runs where no database is configured.
        if (EF.IsDesignTime)
        {
            options.UseNpgsql(configureContext);
        }
        else
        {
            options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), configureContext);
        }

        options.UseSnakeCaseNamingConvention();
    }

    private static NpgsqlDataSource CreateDataSource(
        IServiceProvider provider, string database, Action<NpgsqlDataSourceBuilder>? configureDataSource)
    {
        var options = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        var applicationName = provider.GetRequiredService<ServiceInfo>().Name;
        var source = new NpgsqlDataSourceBuilder(DatabaseConnection.ForService(database, options, applicationName));
        source.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
        configureDataSource?.Invoke(source);
        return source.Build();
    }
}

/// <summary>What a service said about its database; the migration run needs it again under another role.</summary>
internal sealed record ServiceDatabase(
    string Name,
    Type ContextType,
    IReadOnlyList<string> Extensions,
    Action<NpgsqlDataSourceBuilder>? ConfigureDataSource,
    Action<NpgsqlDbContextOptionsBuilder>? ConfigureContext);
