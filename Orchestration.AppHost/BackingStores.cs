using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Orchestration.ServiceDefaults;

namespace Orchestration.AppHost;

/// <summary>PostgreSQL, Redis and RabbitMQ: our own, or, where <c>ConnectionStrings:{name}</c> is set, somebody else's.</summary>
internal sealed class BackingStores
{
    private readonly IResourceBuilder<PostgresServerResource>? _ownPostgres;
    private readonly string _externalPostgres;

    private BackingStores(IDistributedApplicationBuilder builder)
    {
        _externalPostgres = builder.Configuration.GetConnectionString(ResourceNames.Postgres) ?? "";
        if (_externalPostgres.Length == 0)
        {
            _ownPostgres = builder.AddPostgres(ResourceNames.Postgres, password: builder.AddParameter(ParameterNames.PostgresPassword, secret: true))
                .WithImage("pgvector/pgvector", "pg17")
                .WithDataVolume();
        }
        Postgres = (IResourceBuilder<IResourceWithConnectionString>?)_ownPostgres ?? builder.AddConnectionString(ResourceNames.Postgres);
        Redis = IsExternal(builder, ResourceNames.Redis)
            ? builder.AddConnectionString(ResourceNames.Redis)
            : builder.AddRedis(ResourceNames.Redis, password: builder.AddParameter(ParameterNames.RedisPassword, secret: true)).WithDataVolume();
        Messaging = IsExternal(builder, ResourceNames.Messaging)
            ? builder.AddConnectionString(ResourceNames.Messaging)
            : builder.AddRabbitMQ(
                    ResourceNames.Messaging,
                    builder.AddParameter(ParameterNames.MessagingUser),
                    builder.AddParameter(ParameterNames.MessagingPassword, secret: true))
                .WithDataVolume();
    }

    public IResourceBuilder<IResourceWithConnectionString> Postgres { get; }

    public IResourceBuilder<IResourceWithConnectionString> Redis { get; }

    public IResourceBuilder<IResourceWithConnectionString> Messaging { get; }

    public static BackingStores AddTo(IDistributedApplicationBuilder builder) => new(builder);

    /// <summary>Declares an owner's database.</summary>
    public void AddDatabase(string owner) => _ownPostgres?.AddDatabase($"{owner}-database", owner);

    /// <summary>Tells a service where PostgreSQL is, but not how to sign in as its administrator.</summary>
    public void SetDatabaseEndpoint(IResourceBuilder<ProjectResource> project)
    {
        if (_ownPostgres is not null)
        {
            project.WithEnvironment("Database__Endpoint", _ownPostgres.GetEndpoint("tcp"));
            return;
        }
        var settings = new DbConnectionStringBuilder { ConnectionString = _externalPostgres };
        project.WithEnvironment("Database__Endpoint", $"tcp://{Take(settings, "Host", "Server") ?? "localhost"}:{Take(settings, "Port") ?? "5432"}");
        Take(settings, "Username", "User Id", "User ID", "Userid");
        Take(settings, "Password");
        Take(settings, "Database");
        project.WithEnvironment("Database__Options", settings.ConnectionString);
    }

    /// <summary>The AppHost's environment is inherited; an administrator's connection string in it is not for services.</summary>
    public void HideAdministrator(IResourceBuilder<ProjectResource> project)
    {
        if (_ownPostgres is null)
            project.WithEnvironment($"ConnectionStrings__{ResourceNames.Postgres}", "");
    }

    private static bool IsExternal(IDistributedApplicationBuilder builder, string name) =>
        !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name));

    private static string? Take(DbConnectionStringBuilder settings, params string[] names)
    {
        string? taken = null;
        foreach (var name in names)
        {
            if (settings.TryGetValue(name, out var value))
                taken ??= value.ToString();
            settings.Remove(name);
        }
        return taken;
    }
}
