using Npgsql;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Configuration of one gateway under test.</summary>
internal sealed record GatewaySettings
{
    public required string PostgresAdministrator { get; init; }

    public required string Peers { get; init; }

    public string Database { get; init; } = $"gateway_{Guid.CreateVersion7():N}";

    public string ClientKey { get; init; } = TestKeys.Create();

    public string AdminKey { get; init; } = TestKeys.Create("admin");

    public string SignInToken { get; init; } = "sign-in-token-of-the-tests";

    public string Folder { get; init; } = Path.Combine(Path.GetTempPath(), $"gateway-tests-{Guid.CreateVersion7():N}");

    public IReadOnlyDictionary<string, string?> More { get; init; } = new Dictionary<string, string?>();

    public Dictionary<string, string?> ToConfiguration()
    {
        var postgres = new NpgsqlConnectionStringBuilder(PostgresAdministrator);
        var configuration = new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = "gateway",
            ["ConnectionStrings:postgres"] = PostgresAdministrator,
            ["ConnectionStrings:messaging"] = "amqp://nobody:nothing@127.0.0.1:9",
            ["ConnectionStrings:redis"] = "127.0.0.1:9,password=x",
            ["Database:Endpoint"] = $"tcp://{postgres.Host}:{postgres.Port}",
            ["Database:Password"] = "a-password-of-the-tests",
            ["Identity:SigningKey"] = FakePeers.SigningKey,
            ["Keys:Pepper"] = "pepper-of-the-tests-pepper-of-the-tests",
            ["Bootstrap:DevelopmentKey"] = ClientKey,
            ["Bootstrap:AdminKey"] = AdminKey,
            ["Bootstrap:SignInToken"] = SignInToken,
            ["Gateway:DataDirectory"] = Path.Combine(Folder, "data"),
            ["Outbox:Directory"] = Path.Combine(Folder, "outbox"),
            ["Shutdown:Grace"] = "00:00:02",
            // There is no broker to flush to.
            ["Outbox:ShutdownFlush"] = "00:00:00.100",
            // Room for a machine that does much else at the same time.
            ["Keys:LookupTimeout"] = "00:00:30",
            // All tests come from one address.
            ["Keys:FailedAttemptsPerMinute"] = "1000000",
            ["Gateway:ClassifyTimeout"] = "00:00:03",
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:http:Protocols"] = "Http1",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Protocols"] = "Http2",
            ["Kestrel:Endpoints:admin:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:admin:Protocols"] = "Http1",
        };
        foreach (var service in (string[])["routing", "providers", "metrics", "indexing"])
            configuration[$"services:{service}:grpc:0"] = Peers;
        foreach (var (name, value) in More)
            configuration[name] = value;
        return configuration;
    }
}
