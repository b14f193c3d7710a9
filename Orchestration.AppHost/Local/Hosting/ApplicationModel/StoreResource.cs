using System.Globalization;
using Orchestration.AppHost.Local.Stores;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A backing service that this host starts.</summary>
internal abstract class StoreResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithWaitSupport
{
    protected StoreResource(string name, int? port, ParameterResource password) : base(name)
    {
        Password = password;
        Endpoints = [new Endpoint("tcp", "tcp", port)];
    }

    public IList<Endpoint> Endpoints { get; }

    public ParameterResource Password { get; }

    public abstract string UserName { get; }

    /// <summary>What <c>eng/install-services.sh</c> calls it.</summary>
    public abstract string InstallationName { get; }

    public abstract string ConnectionString { get; }

    public abstract IEnumerable<KeyValuePair<string, string>> ConnectionProperties { get; }

    public int Port => Endpoints[0].Ports[0];

    public string PortText => Port.ToString(CultureInfo.InvariantCulture);

    public abstract StoreProcess CreateProcess(StoreSettings settings);
}

internal sealed class PostgresServerResource(string name, int? port, ParameterResource? userName, ParameterResource password)
    : StoreResource(name, port, password)
{
    public IList<PostgresDatabaseResource> Databases { get; } = [];

    public override string UserName => userName?.Value ?? "postgres";

    public override string InstallationName => "postgres";

    public override string ConnectionString => $"Host=localhost;Port={PortText};Username={UserName};Password={Password.Value}";

    public override IEnumerable<KeyValuePair<string, string>> ConnectionProperties => PropertiesOf("");

    public override StoreProcess CreateProcess(StoreSettings settings) => new PostgresProcess(settings);

    public IEnumerable<KeyValuePair<string, string>> PropertiesOf(string path) =>
    [
        new("HOST", "localhost"),
        new("PORT", PortText),
        new("USERNAME", UserName),
        new("PASSWORD", Password.Value),
        new("URI", $"postgresql://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(Password.Value)}@localhost:{PortText}{path}"),
        new("JDBCCONNECTIONSTRING", $"jdbc:postgresql://localhost:{PortText}{path}"),
    ];
}

internal sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
    : Resource(name), IResourceWithConnectionString
{
    public string DatabaseName { get; } = databaseName;

    public PostgresServerResource Parent { get; } = parent;

    public string ConnectionString => $"{Parent.ConnectionString};Database={DatabaseName}";

    public IEnumerable<KeyValuePair<string, string>> ConnectionProperties =>
        Parent.PropertiesOf("/" + Uri.EscapeDataString(DatabaseName)).Append(new("DATABASENAME", DatabaseName));
}

internal sealed class RedisResource(string name, int? port, ParameterResource password) : StoreResource(name, port, password)
{
    public override string UserName => "";

    public override string InstallationName => "redis";

    public override string ConnectionString => $"localhost:{PortText},password={Password.Value}";

    public override IEnumerable<KeyValuePair<string, string>> ConnectionProperties =>
    [
        new("HOST", "localhost"),
        new("PORT", PortText),
        new("PASSWORD", Password.Value),
        new("URI", $"redis://:{Uri.EscapeDataString(Password.Value)}@localhost:{PortText}"),
    ];

    public override StoreProcess CreateProcess(StoreSettings settings) => new RedisProcess(settings);
}

internal sealed class RabbitMQServerResource(string name, int? port, ParameterResource? userName, ParameterResource password)
    : StoreResource(name, port, password)
{
    public override string UserName => userName?.Value ?? "guest";

    public override string InstallationName => "rabbitmq";

    public override string ConnectionString => $"amqp://{UserName}:{Password.Value}@localhost:{PortText}";

    public override IEnumerable<KeyValuePair<string, string>> ConnectionProperties =>
    [
        new("HOST", "localhost"),
        new("PORT", PortText),
        new("USERNAME", UserName),
        new("PASSWORD", Password.Value),
        new("URI", ConnectionString),
    ];

    public override StoreProcess CreateProcess(StoreSettings settings) => new RabbitProcess(settings);
}
