namespace Orchestration.AppHost;

/// <summary>Adds services with what every one of them gets.</summary>
internal sealed class ServiceFactory(IDistributedApplicationBuilder builder)
{
    private readonly IResourceBuilder<ParameterResource> _identityKey = builder.AddParameter(ParameterNames.IdentityKey, secret: true);

    public string DataFolder(params string[] parts) => Path.Combine([DataDirectories.Of(builder.Configuration), .. parts]);

    public IResourceBuilder<ProjectResource> Add<TProject>(string name, string healthEndpoint = "http") where TProject : IProjectMetadata, new() =>
        WithDefaults(builder.AddProject<TProject>(name)).WithHttpHealthCheck("/health", endpointName: healthEndpoint);

    /// <summary>Adds a service that owns a database and speaks over the broker, and the run that migrates the database first.</summary>
    /// <param name="name">Of the service and of its database.</param>
    /// <param name="stores">Where both are.</param>
    /// <param name="healthEndpoint">Where its health is asked for.</param>
    /// <param name="configure">What the migration needs as well, since it is the same program.</param>
    public IResourceBuilder<ProjectResource> AddDatabaseOwner<TProject>(
        string name, BackingStores stores, string healthEndpoint = "http", Action<IResourceBuilder<ProjectResource>>? configure = null)
        where TProject : IProjectMetadata, new()
    {
        var password = builder.AddParameter(ParameterNames.DatabasePassword(name), secret: true);
        stores.AddDatabase(name);
        var migrations = WithDefaults(builder.AddProject<TProject>($"{name}-migrations", options =>
            {
                options.ExcludeLaunchProfile = true;
                options.ExcludeKestrelEndpoints = true;
            }))
            .WithArgs("migrate")
            .WithReference(stores.Postgres)
            .WaitFor(stores.Postgres)
            // It ends before anybody could take its telemetry.
            .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        var service = Add<TProject>(name, healthEndpoint).WaitForCompletion(migrations);
        stores.HideAdministrator(service);
        foreach (var project in new[] { migrations, service })
        {
            stores.SetDatabaseEndpoint(project);
            project.WithReference(stores.Messaging)
                .WithEnvironment("Database__Password", password)
                .WithEnvironment("Outbox__Directory", DataFolder("outbox", name));
            configure?.Invoke(project);
        }
        return service;
    }

    private IResourceBuilder<ProjectResource> WithDefaults(IResourceBuilder<ProjectResource> project) => project
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
        .WithEnvironment("Identity__SigningKey", _identityKey)
        // A little less than what a process gets between SIGTERM and SIGKILL.
        .WithEnvironment("Shutdown__Grace", "00:00:05")
        // Three exporters flush one after the other at the end; without a collector each would wait ten seconds.
        .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000");
}
